package dev.tcpecho.server;

import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.net.Entrance;
import dev.tcpecho.net.NoRoom;
import dev.tcpecho.net.Outflow;
import dev.tcpecho.net.Peer;
import dev.tcpecho.net.SentBytes;
import dev.tcpecho.net.SocketError;
import dev.tcpecho.option.TcpInfoOption;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.util.Optional;

/**
 * One accepted connection: the events of its channel, the words of its conversation, and one end, for exactly one
 * {@link CloseReason}. Runs on the connection's event loop alone.
 *
 * <p>Bytes that are owed go out unchanged and in order, or the connection ends with a reset, so that a peer can tell a
 * cut from an end.
 */
final class Connection extends ChannelInboundHandlerAdapter implements Outflow.Sender, ChannelFutureListener {
    /** Neighbours in {@link LoopConnections}, which alone uses them. */
    Connection next;

    Connection previous;

    private final LoopConnections served;
    private final Ledger ledger;
    private final long openedNanos = System.nanoTime();
    private ChannelHandlerContext ctx;
    private SentBytes sentBytes;
    private CloseReason reason;
    private ClosedConnection.Last last;
    private int activeTick;
    private int progressTick;
    private byte stage;
    private boolean sending;
    private boolean again;
    private boolean unconfirmed;
    private boolean inputEnded;
    private boolean finished;
    private boolean waitsForRoom;

    /** @param log null while DEBUG is off */
    Connection(LoopConnections served, ConnectionLog log) {
        this.served = served;
        this.ledger = new Ledger(log);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        activeTick = served.now();
        progressTick = activeTick;
        served.add(this);
        served.outflow.open(context.channel());
        if (ledger.log() != null) {
            ledger.log().connected(context.channel());
        }
    }

    /** Comes when whatever stands in front has let the connection pass. */
    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (served.traffic == served.listener.traffic()
                && served.listener.isPeerNamedLater()
                && !served.listener.hasPlace(context.channel())) {
            end(CloseReason.FORCED);
            return;
        }
        if (ledger.log() != null) {
            ledger.log().begun(peer());
        }
        served.conversation.opened(this);
        advance();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int count = bytes.readableBytes();
        ledger.received(count);
        served.traffic.bytesReceived.add(count);
        activeTick = served.now();
        served.conversation.received(this, bytes);
        advance();
    }

    /** The FIN is known here before Netty half-closes the channel. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (served.outflow.metFin()) {
            inputEnded = true;
            advance();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE || event == ChannelInputShutdownReadComplete.INSTANCE) {
            inputEnded = true;
            advance();
        }
    }

    /** What came was dealt with: has the conversation more to do? */
    private void advance() {
        if (reason == null && ledger.owed() == 0) {
            served.conversation.advance(this);
        }
    }

    /** Where the conversation stands, in numbers of its own from 0, where it begins, to 127. */
    int stage() {
        return stage;
    }

    void stage(int now) {
        stage = (byte) now;
    }

    boolean inputEnded() {
        return inputEnded;
    }

    @Override
    public long owed() {
        return ledger.owed();
    }

    Channel channel() {
        return ctx.channel();
    }

    /** What stands in front of it. */
    Entrance entrance() {
        return served.entrance;
    }

    Listener listener() {
        return served.listener;
    }

    Peer peer() {
        return Peer.of(ctx.channel());
    }

    /** Sends the bytes and releases them; reads nothing more while the peer does not take what is owed. */
    void send(ByteBuf bytes) {
        if (ledger.owed() == 0) {
            progressTick = served.now(); // the stall clock starts now
        }
        ledger.queued(bytes);
        sending = true;
        served.outflow.send(ctx, bytes, this);
        sending = false;
        if (ledger.owed() > 0 && !served.conversation.readsWhileOwing()) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    void discard(ByteBuf bytes) {
        discarded(bytes.readableBytes());
        bytes.release();
    }

    void discarded(int count) {
        served.traffic.bytesDiscarded.add(count);
    }

    /** Lets the end of what is sent next wait for {@link #finish}. */
    void holdForFin() {
        served.outflow.holdForFin(ctx.channel());
    }

    /**
     * Sends our FIN, once; the connection is complete when the peer's comes. The channel may never be writable again,
     * so reading that waits for that must go on now.
     */
    void finish() {
        if (!finished) {
            finished = true;
            progressTick = served.now();
            lookBack(); // the channel may close by itself on the peer's FIN
            served.outflow.fin(ctx, this);
            resume();
        }
    }

    /** Has {@link Conversation#advance} called again, once, after other events of the loop had their turn. */
    void again() {
        if (!again) {
            again = true;
            ctx.executor().execute(() -> {
                again = false;
                advance();
            });
        }
    }

    @Override
    public SentBytes sentBytes() {
        if (sentBytes == null) {
            sentBytes = new SentBytes(this, ctx.channel());
        }
        return sentBytes;
    }

    @Override
    public void taken(long count) {
        ledger.taken(count);
        served.traffic.bytesSent.add(count);
        unconfirmed = true;
        activeTick = served.now();
        progressTick = activeTick;
    }

    @Override
    public void drained() {
        if (ledger.owed() == 0) {
            resume();
            if (!sending) {
                advance();
            }
        }
    }

    private void resume() {
        waitsForRoom = false;
        if (!ctx.channel().config().isAutoRead()) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void failed(Throwable cause) {
        if (reason == null) {
            fail(SocketError.ofWrite(cause), cause);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof NoRoom) {
            waitsForRoom = true;
            context.channel().config().setAutoRead(false);
            return;
        }
        fail(SocketError.ofRead(cause), cause);
    }

    private void fail(SocketError error, Throwable cause) {
        switch (error) {
            case PEER_GONE -> close(CloseReason.PEER_RESET);
            // TCP_USER_TIMEOUT, keep-alive, retransmits.
            case OUT_OF_REACH -> close(owed() > 0 || unconfirmed ? CloseReason.WRITE_STALL : CloseReason.IDLE);
            case PROXY -> reset(CloseReason.PROXY_ERROR);
            case TLS -> reset(CloseReason.TLS_ERROR);
            case TLS_ALERTED -> close(CloseReason.TLS_ERROR);
            case OURS -> {
                served.listener.failed(cause);
                reset(CloseReason.ERROR);
            }
        }
    }

    /** The kernel has ended the connection. Its socket is only closed: another thread may be about to do so. */
    private void close(CloseReason why) {
        if (reason == null) {
            reason = why;
            lookBack();
            ctx.close();
        }
    }

    /** Ends in order if nothing is owed; the kernel itself resets if the peer sent what we did not read. */
    void end(CloseReason why) {
        if (owed() > 0) {
            reset(why);
        } else if (reason == null) {
            reason = why;
            lookBack();
            served.outflow.close(ctx);
        }
    }

    /** Ends so that the peer sees an error, never an end of stream. */
    void reset(CloseReason why) {
        if (reason == null) {
            reason = why;
            lookBack();
            served.outflow.reset(ctx);
        }
    }

    /** Asks the kernel while the socket is there, if endings are remembered. */
    private void lookBack() {
        if (served.closed != null) {
            last = ClosedConnection.Last.of(ctx.channel());
        }
    }

    /** Comes once, after the channel's close, and at once when {@link #handlerAdded} failed. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (context.channel().isOpen()) {
            reset(CloseReason.ERROR);
        }
        served.remove(this);
        // The channel closes by itself on the peer's FIN after ours.
        CloseReason why = reason != null ? reason : finished ? CloseReason.COMPLETE : CloseReason.PEER_RESET;
        if (served.closed != null) {
            served.closed.add(ClosedConnection.of(served, moment(), last, why));
        }
        ended(context.channel(), why);
    }

    /** The channel is closed. Only if it never reached its event loop is there nobody else to say so. */
    @Override
    public void operationComplete(ChannelFuture closed) {
        if (ctx == null) {
            ended(closed.channel(), CloseReason.ERROR);
        }
    }

    private void ended(Channel channel, CloseReason why) {
        served.traffic.close(why);
        served.listener.ended(channel);
        if (ledger.log() != null) {
            ledger.log().closed(channel, why, ledger);
        }
    }

    void tick(int now) {
        if (waitsForRoom && owed() == 0 && served.outflow.hasRoomFor(ctx.channel())) {
            resume();
        }
        if (finished) {
            if (now - progressTick >= served.lingerTicks) {
                end(CloseReason.LINGER_TIMEOUT);
            }
            return;
        }
        if ((owed() > 0 || unconfirmed) && now - activeTick > 0) {
            lookAtAcknowledgements(now);
        }
        if (owed() > 0 || unconfirmed) {
            if (now - progressTick >= served.stallTicks) {
                reset(CloseReason.WRITE_STALL);
            }
        } else if (isOver(served.idleTicks, now) || ledger.received() == 0 && isOver(served.firstByteTicks, now)) {
            end(CloseReason.IDLE);
        }
    }

    private boolean isOver(int ticks, int now) {
        return ticks > 0 && now - activeTick >= ticks;
    }

    /**
     * A peer that reads slowly makes progress long before the socket is writable again, and bytes that the kernel took
     * may still never arrive: only acknowledgements tell. Asked of connections that were silent for a tick, until all
     * is acknowledged. Where the kernel does not tell, its own retransmission time-out has to do.
     */
    private void lookAtAcknowledgements(int now) {
        Optional<TcpInfo> info = TcpInfoOption.read(ctx.channel());
        if (info.isPresent() && ledger.acknowledged(info.get().bytesAcked())) {
            progressTick = now;
        }
        unconfirmed =
                info.isPresent() && (info.get().unacked() > 0 || info.get().notSent() > 0);
    }

    ConnectionMoment moment() {
        return new ConnectionMoment(
                ctx.channel(),
                openedNanos,
                ledger.received(),
                ledger.taken(),
                owed(),
                !ctx.channel().config().isAutoRead());
    }
}
