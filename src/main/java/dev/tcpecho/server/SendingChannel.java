package dev.tcpecho.server;

import dev.tcpecho.net.NoRoom;
import dev.tcpecho.net.Outflow;
import dev.tcpecho.net.SentBytes;
import dev.tcpecho.net.SocketError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * A channel and what it owes its peer: while that waits, nothing more is read. Runs on the connection's event loop
 * alone.
 *
 * <p>Bytes that are owed go out unchanged and in order, or the connection ends with a reset, so that a peer can tell a
 * cut from an end.
 */
abstract class SendingChannel extends ServedChannel implements Outflow.Sender {
    private SentBytes sentBytes;
    private boolean sending;
    private boolean waitsForRoom;
    private boolean guarded;

    SendingChannel(LoopConnections served, Ledger ledger) {
        super(served, ledger);
    }

    /** Nothing is owed any more: has the conversation more to do? */
    abstract void advance();

    /** Sends the bytes and releases them; reads nothing more while the peer does not take what is owed. */
    final void send(ByteBuf bytes) {
        if (ledger.owed() == 0) {
            progressTick = served.now(); // the stall clock starts now
        }
        ledger.queued(bytes);
        sending = true;
        served.outflow.send(ctx, bytes, this);
        sending = false;
        guard(ledger.owed() > 0);
        if (ledger.owed() > 0 && !served.conversation.readsWhileOwing() && !served.outflow.hasRoomAhead(ctx)) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    /** Whether so many bytes that nobody asked for may be sent now; {@link #advance} comes again with every tick. */
    final boolean maySpeak(int count) {
        return served.outflow.hasRoomToSpeak(ctx.channel(), count);
    }

    /** Sends what it {@link #maySpeak may}. */
    final void speak(byte[] text) {
        served.outflow.words(ctx.channel(), text).forEach(this::send);
    }

    /** Lets the end of what is sent next wait for {@link #finish}. */
    final void holdForFin() {
        served.outflow.holdForFin(ctx.channel());
    }

    /**
     * Sends our FIN, once; the connection is complete when the peer's comes. The channel may never be writable again,
     * so reading that waits for that must go on now.
     */
    final void finish() {
        if (finishes()) {
            guard(false);
            served.outflow.fin(ctx, this);
            resume();
        }
    }

    /** While bytes wait, the channel's close is a reset, whoever closes it. */
    private void guard(boolean waits) {
        if (waits) {
            served.outflow.resetsOnClose(ctx.channel());
        } else if (guarded) {
            served.outflow.endsInOrder(ctx.channel());
        }
        guarded = waits;
    }

    @Override
    public final SentBytes sentBytes() {
        if (sentBytes == null) {
            sentBytes = new SentBytes(this, ctx.channel());
        }
        return sentBytes;
    }

    @Override
    public final void taken(long count) {
        ledger.taken(count);
        served.traffic.bytesSent.add(count);
        unconfirmed = true;
        activeTick = served.now();
        progressTick = activeTick;
    }

    @Override
    public final void drained() {
        if (ledger.owed() == 0) {
            guard(false);
            resume();
            if (!sending) {
                advance();
            }
        } else if (served.outflow.hasRoomAhead(ctx)) {
            resume();
        }
    }

    private void resume() {
        waitsForRoom = false;
        if (!ctx.channel().config().isAutoRead()) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    @Override
    public final void failed(Throwable cause) {
        if (!isEnding()) {
            fail(SocketError.ofWrite(cause), cause);
        }
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof NoRoom) {
            waitsForRoom = true;
            served.traffic.readsPutOff.increment();
            context.channel().config().setAutoRead(false);
            return;
        }
        fail(SocketError.ofRead(cause), cause);
    }

    private void fail(SocketError error, Throwable cause) {
        switch (error) {
            // Both tell that the kernel has ended the connection. Should it not have, a FIN would look like an end.
            case PEER_GONE -> reset(CloseReason.PEER_RESET);
            // TCP_USER_TIMEOUT, keep-alive, retransmits.
            case OUT_OF_REACH -> outOfReach();
            case UNTOLD -> {
                if (served.timeouts.kernelMayHaveGivenUp(this, served.now())) {
                    outOfReach();
                } else {
                    reset(CloseReason.PEER_RESET); // the peer, or somebody who ended it with ss -K
                }
            }
            case PROXY -> reset(CloseReason.PROXY_ERROR);
            case FAULT -> reset(CloseReason.FAULT);
            case TLS -> reset(CloseReason.TLS_ERROR);
            case TLS_ALERTED -> {
                guard(false);
                close(CloseReason.TLS_ERROR);
            }
            case OURS -> {
                served.admission.failed(cause);
                reset(CloseReason.ERROR);
            }
        }
    }

    private void outOfReach() {
        reset(owed() > 0 || unconfirmed ? CloseReason.WRITE_STALL : CloseReason.IDLE);
    }

    /** The loop's clock has moved on. Whether that took more than a look: the kernel was asked, or it ends. */
    final boolean tick(int now) {
        if (waitsForRoom && owed() == 0 && served.outflow.hasRoomFor(ctx.channel())) {
            resume();
        }
        if (served.conversation.speaksUnasked()) {
            advance();
        }
        return served.timeouts.apply(this, now) || isEnding();
    }
}
