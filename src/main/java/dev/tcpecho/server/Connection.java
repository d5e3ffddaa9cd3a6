package dev.tcpecho.server;

import dev.tcpecho.net.Entrance;
import dev.tcpecho.net.Outflow;
import dev.tcpecho.net.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;

/**
 * One accepted connection: the events of its channel, and the words that it has for its conversation. Runs on the
 * connection's event loop alone.
 */
final class Connection extends SendingChannel {
    /** Neighbours in {@link ConnectionList}, which alone uses them. */
    Connection next;

    Connection previous;

    private byte stage;
    private boolean again;
    private boolean inputEnded;

    /** @param log null while DEBUG is off */
    Connection(LoopConnections served, ConnectionLog log) {
        super(served, new Ledger(log));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        begin(context);
        served.add(this);
        served.outflow.open(context.channel());
        if (ledger.log() != null) {
            ledger.log().connected(context.channel());
        }
    }

    /** Comes once, after the channel's close, and at once when {@link #handlerAdded} failed. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (context.channel().isOpen()) {
            reset(CloseReason.ERROR);
        }
        served.remove(this);
        ended();
    }

    /** Comes when whatever stands in front has let the connection pass. */
    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!isAdmitted()) {
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
        if (isCut()) {
            discard(bytes);
        } else {
            served.conversation.received(this, bytes);
            advance();
        }
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
        } else if (event == Outflow.CUT) {
            cut();
        }
    }

    /** On purpose: what is owed never goes out, what still comes is for nobody, and our FIN is next. */
    private void cut() {
        int never = cutOff();
        if (served.listener.config().mode().echoes()) {
            discarded(never);
        }
        if (!isEnding()) {
            finish();
        }
    }

    /** What came was dealt with: has the conversation more to do? */
    @Override
    void advance() {
        if (!isEnding() && !isCut() && ledger.owed() == 0) {
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

    void discard(ByteBuf bytes) {
        discarded(bytes.readableBytes());
        bytes.release();
    }

    void discarded(int count) {
        served.traffic.bytesDiscarded.add(count);
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
}
