package dev.tcpecho.net;

import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.option.TcpInfoOption;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Stands in front of one connection and has it misbehave: what is read, which ends are heard and when it is over. What
 * is sent waits in {@link HeldReplies}. One timer at most; a channel that is closed has none.
 */
final class FaultyConnection extends ChannelDuplexHandler implements HeldReplies.Wire {
    /**
     * How often the kernel is asked whether the last bytes arrived, and whether a peer that finished is still there.
     */
    private static final long ASK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Where the kernel does not tell what arrived, a reset waits so long: it would overtake the bytes. */
    private static final long BLIND_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Fault fault;
    private final LongSupplier nanos;
    private final SplittableRandom random;
    private final ReadAhead ahead;
    private final OneTimer timer;
    private ChannelHandlerContext ctx;
    private HeldReplies held;
    private boolean begun;
    private boolean deaf;
    private boolean resetting;
    private boolean finHeard;
    private long resetAt;

    FaultyConnection(Fault fault, SplittableRandom random, LongSupplier nanos, ReadAhead ahead) {
        this.ahead = ahead;
        this.fault = fault;
        this.random = random;
        this.nanos = nanos;
        this.timer = new OneTimer(nanos, this::woken);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        held = new HeldReplies(fault, random, nanos, ahead, this);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        begun = true;
        if (fault.neverReads()) {
            stopReading();
        }
        if (fault.end() == 0) {
            over();
        } else {
            context.fireChannelActive();
        }
    }

    private void stopReading() {
        deaf = true;
        ctx.channel().config().setAutoRead(false);
    }

    /** Whoever turns reading on again passes here. */
    @Override
    public void read(ChannelHandlerContext context) {
        if (!deaf) {
            context.read();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (begun && fault.neverReads()) {
            ReferenceCountUtil.release(message); // came along with what TLS or the PROXY header had to read
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        boolean end = event == ChannelInputShutdownEvent.INSTANCE || event == ChannelInputShutdownReadComplete.INSTANCE;
        if (!end) {
            context.fireUserEventTriggered(event);
        } else if (fault.holdsOpen() && !finHeard) {
            finHeard = true;
            timer.at(nanos.getAsLong() + LOOK_NANOS, ctx.executor());
        } else if (!fault.holdsOpen() && !resetting) {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message != Outflow.FIN || !resetting) {
            held.add(message, promise);
        }
    }

    @Override
    public void piece(Object message, ChannelPromise promise) {
        ctx.writeAndFlush(message, promise);
    }

    @Override
    public ChannelPromise promise() {
        return ctx.newPromise();
    }

    @Override
    public boolean isSent() {
        Optional<TcpInfo> info = TcpInfoOption.read(ctx.channel());
        return info.isEmpty() || info.get().notSent() == 0;
    }

    @Override
    public void wakeAt(long time) {
        timer.at(time, ctx.executor());
    }

    /** All the bytes that there will be are the kernel's. */
    @Override
    public void over() {
        if (fault.resetAfter().isEmpty()) {
            ctx.fireUserEventTriggered(Outflow.CUT);
            return;
        }
        resetting = true;
        stopReading(); // the peer's FIN would end it in order
        resetAt = nanos.getAsLong() + BLIND_NANOS;
        resetOnceArrived();
    }

    private void resetOnceArrived() {
        Optional<TcpInfo> info = TcpInfoOption.read(ctx.channel());
        boolean arrived = fault.end() == 0
                || info.map(told -> told.unacked() == 0 && told.notSent() == 0)
                        .orElseGet(() -> nanos.getAsLong() - resetAt >= 0);
        if (arrived) {
            ctx.fireExceptionCaught(new EntranceException(SocketError.FAULT, "reset on purpose"));
        } else {
            timer.at(nanos.getAsLong() + ASK_NANOS, ctx.executor());
        }
    }

    private void woken() {
        if (resetting) {
            resetOnceArrived();
            return;
        }
        held.go();
        if (finHeard) {
            boolean gone = TcpInfoOption.read(ctx.channel())
                    .map(info -> info.state().equals("CLOSE"))
                    .orElse(false);
            if (gone) {
                ctx.fireExceptionCaught(new EntranceException(SocketError.PEER_GONE, "reset after its FIN"));
            } else {
                timer.at(nanos.getAsLong() + LOOK_NANOS, ctx.executor());
            }
        }
    }

    /** Whether the connection may read on while some of what it sent is held back. */
    boolean hasRoomAhead() {
        return held.hasRoom();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        timer.cancel();
        held.drop();
    }
}
