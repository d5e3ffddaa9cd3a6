package dev.tcpecho.server;

import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.net.ReadBuffer;
import dev.tcpecho.net.SystemCalls;
import dev.tcpecho.option.TcpInfoOption;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * One accepted connection: reads, echoes, keeps count, and ends for exactly one {@link CloseReason}. Runs on the
 * connection's event loop alone.
 *
 * <p>Bytes that were read are owed: they go out unchanged and in order, or the connection ends with a reset, so that a
 * peer can tell a cut from an end.
 */
abstract class Connection extends ChannelInboundHandlerAdapter implements ChannelFutureListener {
    private static final int UNKNOWN = -1;

    /** How the kernel words ETIMEDOUT, ENETUNREACH and EHOSTUNREACH: the peer did not reset, it is out of reach. */
    private static final List<String> OUT_OF_REACH = List.of("timed out", "unreachable", "No route to host");

    /** Neighbours in {@link LoopConnections}, which alone uses them. */
    Connection next;

    Connection previous;

    private final Listener listener;
    private final Traffic traffic;
    private final ConnectionLog log;
    protected ChannelHandlerContext ctx;
    private LoopConnections loopConnections;
    private SentBytes sentBytes;

    private final long openedNanos = System.nanoTime();
    private long received;
    private long discarded;
    private long sent;
    private long copied;
    private long acked = UNKNOWN;
    private boolean unconfirmed;
    private boolean inputEnded;
    private int activeTick;
    private int progressTick;
    private CloseReason reason;
    private CloseReason reasonOfEnd = CloseReason.PEER_RESET;

    Connection(Listener listener, Traffic traffic, ConnectionLog log) {
        this.listener = listener;
        this.traffic = traffic;
        this.log = log;
    }

    /** Takes a buffer that was read; the bytes count as received already. */
    protected abstract void received(ByteBuf bytes);

    /** The peer has finished, or everything owed has been sent: is there anything to do next? */
    protected abstract void advance();

    /** Whether the connection is only waiting for its peer to finish, and since which tick; negative when not. */
    protected int lingeringSince() {
        return UNKNOWN;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        loopConnections = listener.connectionsOn(context.channel().eventLoop());
        activeTick = loopConnections.now();
        progressTick = activeTick;
        loopConnections.add(this);
        if (log != null) {
            log.connected(context.channel());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int count = bytes.readableBytes();
        received += count;
        traffic.bytesReceived.add(count);
        activeTick = loopConnections.now();
        received(bytes);
    }

    /** Echoes; stops reading while the peer does not take what is owed. */
    protected final void echo(ByteBuf bytes) {
        if (log != null) {
            log.received(bytes);
        }
        if (owed() == bytes.readableBytes()) {
            progressTick = loopConnections.now(); // nothing was owed before: the stall clock starts now
        }
        if (readBuffer() == null) {
            queue(bytes);
            return;
        }
        try {
            sendNow(bytes);
            if (bytes.isReadable()) {
                queue(copy(bytes));
            }
        } catch (IOException e) {
            writeFailed(e);
        } finally {
            bytes.release();
        }
    }

    /** Spares the way through the channel's queue while that is empty. */
    private void sendNow(ByteBuf bytes) throws IOException {
        if (owed() == bytes.readableBytes()) {
            int count = SystemCalls.send(ctx.channel(), bytes);
            if (count > 0) {
                sent(count);
            }
        }
        if (owed() == 0) {
            advance();
        }
    }

    /** What the kernel does not take has to leave the read buffer. */
    private ByteBuf copy(ByteBuf bytes) {
        int count = bytes.readableBytes();
        ByteBuf copy = ctx.alloc().directBuffer(count, count).writeBytes(bytes);
        copied += count;
        readBuffer().waiting(count);
        return copy;
    }

    private void queue(ByteBuf bytes) {
        if (sentBytes == null) {
            sentBytes = new SentBytes(this, ctx.channel(), ctx.executor());
        }
        ctx.writeAndFlush(bytes, sentBytes);
        if (owed() > 0) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    private ReadBuffer readBuffer() {
        return loopConnections.readBuffer;
    }

    protected final void discard(int count) {
        discarded += count;
        traffic.bytesDiscarded.add(count);
    }

    /** Bytes received that are to go out and that the kernel has not taken yet. */
    protected final long owed() {
        return received - discarded - sent;
    }

    protected final boolean inputEnded() {
        return inputEnded;
    }

    protected final int now() {
        return loopConnections.now();
    }

    protected final long receivedBytes() {
        return received;
    }

    /** Told by {@link SentBytes} whenever the kernel has taken some of what was queued. */
    final void queuedSent(long count) {
        if (readBuffer() != null) {
            copied -= count;
            readBuffer().waiting(-count);
        }
        sent(count);
    }

    private void sent(long count) {
        sent += count;
        traffic.bytesSent.add(count);
        unconfirmed = true;
        activeTick = loopConnections.now();
        progressTick = activeTick;
        if (log != null) {
            log.sent(count);
        }
    }

    /** Told by {@link SentBytes} as well, when a whole buffer has been taken and released. */
    final void bufferSent() {
        if (owed() == 0) {
            resume();
            advance();
        }
    }

    final void writeFailed(Throwable cause) {
        if (reason == null) {
            reset(reasonFor(cause));
        }
    }

    private void resume() {
        if (!ctx.channel().config().isAutoRead()) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE || event == ChannelInputShutdownReadComplete.INSTANCE) {
            if (!inputEnded) {
                inputEnded = true;
                if (owed() == 0) {
                    advance();
                }
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        CloseReason why = reasonFor(cause);
        if (why == CloseReason.ERROR) {
            listener.failed(cause);
        }
        reset(why);
    }

    private CloseReason reasonFor(Throwable cause) {
        if (!(cause instanceof IOException)) {
            return CloseReason.ERROR;
        }
        String message = String.valueOf(cause.getMessage());
        if (OUT_OF_REACH.stream().anyMatch(message::contains)) { // TCP_USER_TIMEOUT, keep-alive, retransmits
            return owed() > 0 || unconfirmed ? CloseReason.WRITE_STALL : CloseReason.IDLE;
        }
        return CloseReason.PEER_RESET;
    }

    /** Comes once, after the channel's close, and at once when {@link #handlerAdded} failed. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (context.channel().isOpen()) {
            reset(CloseReason.ERROR);
        }
        if (loopConnections != null) {
            loopConnections.remove(this);
            if (readBuffer() != null) {
                readBuffer().waiting(-copied);
            }
        }
        ended(context.channel(), reason == null ? reasonOfEnd : reason);
    }

    /** The channel is closed. Only if it never reached its event loop is there nobody else to say so. */
    @Override
    public void operationComplete(ChannelFuture closed) {
        if (ctx == null) {
            ended(closed.channel(), CloseReason.ERROR);
        }
    }

    private void ended(Channel channel, CloseReason why) {
        traffic.close(why);
        listener.ended();
        if (log != null) {
            log.closed(channel, why, received, sent);
        }
    }

    final void tick(int now) {
        int lingering = lingeringSince();
        if (lingering >= 0) {
            if (now - lingering >= loopConnections.lingerTicks) {
                end(CloseReason.LINGER_TIMEOUT);
            }
            return;
        }
        if ((owed() > 0 || unconfirmed) && now > activeTick) {
            lookAtAcknowledgements(now);
        }
        if (owed() > 0 || unconfirmed) {
            if (now - progressTick >= loopConnections.stallTicks) {
                reset(CloseReason.WRITE_STALL);
            }
        } else if (loopConnections.idleTicks > 0 && now - activeTick >= loopConnections.idleTicks) {
            end(CloseReason.IDLE);
        }
    }

    /**
     * A peer that reads slowly makes progress long before the socket is writable again, and bytes that the kernel took
     * may still never arrive: only acknowledgements tell. Asked of connections that were silent for a tick, until all
     * is acknowledged. Where the kernel does not tell, its own retransmission time-out has to do.
     */
    private void lookAtAcknowledgements(int now) {
        Optional<TcpInfo> info = TcpInfoOption.read(ctx.channel());
        if (info.isPresent() && info.get().bytesAcked() != acked) {
            acked = info.get().bytesAcked();
            progressTick = now;
        }
        unconfirmed =
                info.isPresent() && (info.get().unacked() > 0 || info.get().notSent() > 0);
    }

    /** Ends in order if nothing is owed; the kernel itself resets if the peer sent what we did not read. */
    final void end(CloseReason why) {
        if (owed() > 0) {
            reset(why);
        } else {
            close(why);
        }
    }

    /** Ends so that the peer sees an error, never an end of stream. */
    final void reset(CloseReason why) {
        // Not once it is closed: its descriptor may be that of another connection by now.
        if (reason == null && ctx.channel().isOpen()) {
            try {
                ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            } catch (ChannelException e) {
                // The peer has gone already; close() below only tidies up.
            }
        }
        close(why);
    }

    private void close(CloseReason why) {
        if (reason == null) {
            reason = why;
        }
        ctx.close();
    }

    /**
     * Sends our FIN, and ends for this reason when the peer's comes. The channel may never be writable again, so
     * reading that waits for that must go on now.
     */
    protected final void finish(CloseReason whenPeerFinishes) {
        reasonOfEnd = whenPeerFinishes;
        SystemCalls.sendFin(ctx.channel());
        resume();
    }

    /** On its event loop. */
    final ConnectionMoment moment() {
        Channel channel = ctx.channel();
        return new ConnectionMoment(
                channel, openedNanos, received, sent, owed(), !channel.config().isAutoRead());
    }

    final Channel channel() {
        return ctx.channel();
    }
}
