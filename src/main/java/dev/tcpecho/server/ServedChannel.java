package dev.tcpecho.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The channel of an accepted connection, its account and its one end, for exactly one {@link CloseReason}. Runs on the
 * connection's event loop alone. What a connection holds while it is idle is counted in bytes: that is why it is one
 * object with its end, and {@link Timeouts} keep their marks here.
 */
abstract class ServedChannel extends ChannelInboundHandlerAdapter implements ChannelFutureListener {
    final LoopConnections served;
    final Ledger ledger;
    ChannelHandlerContext ctx;

    /** Marks of {@link Timeouts}: the ticks of the last byte, and of the last that the peer took or acknowledged. */
    int activeTick;

    int progressTick;

    /** Whether the kernel took bytes that the peer may not have acknowledged. */
    boolean unconfirmed;

    private final long openedNanos = System.nanoTime();
    private CloseReason reason;
    private ClosedConnection.Last last;
    private boolean finished;
    private boolean cut;
    private boolean uncounted;
    private boolean refused;

    ServedChannel(LoopConnections served, Ledger ledger) {
        this.served = served;
        this.ledger = ledger;
        this.uncounted = served.traffic == served.listener.traffic() && served.admission.isPeerNamedLater();
    }

    /** The first event of the channel: its clock starts. */
    final void begin(ChannelHandlerContext context) {
        ctx = context;
        activeTick = served.now();
        progressTick = activeTick;
    }

    final Channel channel() {
        return ctx.channel();
    }

    /** Bytes for the peer that the kernel has not taken. */
    public final long owed() {
        return ledger.owed();
    }

    /** Whether why it ends is settled. */
    final boolean isEnding() {
        return reason != null;
    }

    /** Whether our FIN was sent. */
    final boolean isFinished() {
        return finished;
    }

    /** Whether our FIN is to be sent now: once. */
    final boolean finishes() {
        if (finished) {
            return false;
        }
        finished = true;
        progressTick = served.now();
        lookBack(); // the channel may close by itself on the peer's FIN
        return true;
    }

    /** Whether a fault on purpose has ended what it sends. */
    final boolean isCut() {
        return cut;
    }

    /** What is owed never goes out: how many bytes that were. */
    final int cutOff() {
        cut = true;
        return ledger.forgive();
    }

    /** Ends in order, whatever is owed: the peer has been told why in its own terms. */
    final void close(CloseReason why) {
        if (reason == null) {
            reason = why;
            lookBack();
            served.outflow.release(ctx);
        }
    }

    /** Ends in order if nothing is owed; the kernel itself resets if the peer sent what we did not read. */
    final void end(CloseReason why) {
        if (owed() > 0) {
            reset(why);
        } else if (reason == null) {
            reason = why;
            lookBack();
            served.outflow.close(ctx);
        }
    }

    /** Ends so that the peer sees an error, never an end of stream. */
    final void reset(CloseReason why) {
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

    /** The channel has left the pipeline: it is told why, once. */
    final void ended() {
        CloseReason why = reason != null ? reason : endedByItself();
        if (served.closed != null && !refused) {
            served.closed.add(ClosedConnection.of(served, moment(), last, why));
        }
        ended(ctx.channel(), why);
    }

    /** The channel closes by itself on the peer's FIN after ours. */
    private CloseReason endedByItself() {
        return cut ? CloseReason.FAULT : finished ? CloseReason.COMPLETE : CloseReason.PEER_RESET;
    }

    /** The channel is closed. Only if it never reached its event loop is there nobody else to say so. */
    @Override
    public final void operationComplete(ChannelFuture closed) {
        if (ctx == null) {
            ended(closed.channel(), CloseReason.ERROR);
        }
    }

    /** Whether the peer has a place, asked when a proxy may have named it; one that has none is ended, as refused. */
    final boolean isAdmitted() {
        if (uncounted && !served.admission.hasPlace(ctx.channel())) {
            refused = true;
            end(CloseReason.FORCED);
            return false;
        }
        count();
        return true;
    }

    /** As opened, once: at the latest when it ends. */
    private void count() {
        if (uncounted) {
            uncounted = false;
            served.traffic.open();
        }
    }

    private void ended(Channel channel, CloseReason why) {
        if (refused) {
            served.traffic.giveBack();
        } else {
            count();
            served.traffic.close(why);
        }
        served.admission.ended(channel);
        if (ledger.log() != null) {
            ledger.log().closed(channel, why, ledger);
        }
    }

    final ConnectionMoment moment() {
        return new ConnectionMoment(
                ctx.channel(),
                openedNanos,
                ledger.received(),
                ledger.taken(),
                owed(),
                !ctx.channel().config().isAutoRead());
    }
}
