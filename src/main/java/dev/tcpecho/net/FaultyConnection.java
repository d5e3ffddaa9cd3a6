package dev.tcpecho.net;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.ReferenceCountUtil;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Stands in front of one connection and has it misbehave: what is read, which ends are heard and when it is over. What
 * is sent waits in {@link HeldReplies}. One timer at most; a channel that is closed has none.
 */
class FaultyConnection extends ChannelDuplexHandler implements HeldReplies.Wire {
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
    private Transmission transmission;
    private HeldReplies held;
    boolean begun;
    private boolean deaf;
    private boolean resetting;
    private boolean finHeard;
    private boolean finSent;
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
        transmission = new Transmission(context.channel());
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
        if (!end || !begun) {
            context.fireUserEventTriggered(event);
        } else if (!resetting && !endIfGone() && !fault.neverReads()) { // the FIN is for nobody where nothing is read
            finHeard = true;
            lookLater();
            if (!fault.holdsOpen()) {
                context.fireUserEventTriggered(event);
            }
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message != Outflow.FIN || !resetting) {
            held.add(message, promise);
            lookLater();
        }
    }

    /** What is held back may have long to wait, and a peer that is gone meanwhile is not always told of. */
    private void lookLater() {
        if (finHeard || held.isHolding()) {
            wakeAt(nanos.getAsLong() + LOOK_NANOS);
        }
    }

    @Override
    public void piece(Object message, ChannelPromise promise) {
        finSent |= message == Outflow.FIN;
        ctx.writeAndFlush(message, promise);
    }

    @Override
    public ChannelPromise promise() {
        return ctx.newPromise();
    }

    @Override
    public boolean isSent() {
        return transmission.isSent();
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
        boolean arrived =
                fault.end() == 0 || transmission.hasArrived().orElseGet(() -> nanos.getAsLong() - resetAt >= 0);
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
        if (ctx.channel().isOpen() && !endIfGone()) {
            lookLater();
        }
    }

    /**
     * A reset after the FIN, or while nothing is read, has no event but that the input ends, told again until somebody
     * closes. After our own FIN the kernel has the same word for an end in order.
     */
    private boolean endIfGone() {
        boolean gone = !finSent && transmission.isBrokenOff();
        if (gone) {
            ctx.fireExceptionCaught(
                    new EntranceException(SocketError.PEER_GONE, "reset while nothing was read or sent"));
        }
        return gone;
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
