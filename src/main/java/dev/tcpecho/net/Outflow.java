package dev.tcpecho.net;

import dev.tcpecho.option.SocketSettings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The way out of the connections of one listener on one event loop: bytes, FIN and reset. Chosen once, with
 * {@link #of}; used on that loop alone.
 */
public abstract class Outflow {
    /** Our FIN as a message, where handlers stand in front of the connection. */
    public static final Object FIN = new Object() {
        @Override
        public String toString() {
            return "FIN";
        }
    };

    /**
     * Told to a connection by a handler in front of it: from now on nothing it sends arrives, and it is to finish at
     * once, as it does after its last reply.
     */
    public static final Object CUT = new Object() {
        @Override
        public String toString() {
            return "CUT";
        }
    };

    /** A connection as its outflow sees it; everything is told on the event loop. */
    public interface Sender {
        /** Bytes handed to the outflow that the kernel has not taken. */
        long owed();

        /** The kernel took some of them. */
        void taken(long count);

        /** A buffer that had to wait has gone. */
        void drained();

        /** Nothing more will go: what a write or the FIN threw. */
        void failed(Throwable cause);

        /** Of this connection, made when first asked for: most never wait. */
        SentBytes sentBytes();
    }

    private final int linger;

    /** @param linger SO_LINGER of the connections, in seconds; negative when it is off */
    Outflow(int linger) {
        this.linger = linger;
    }

    /**
     * @param reads of the loop, with the room for what the kernel does not take at once
     * @param settings of the connections
     */
    public static Outflow of(Entrance entrance, ReadBuffer reads, SocketSettings settings) {
        int linger = AcceptedSockets.linger(settings);
        return entrance.isEmpty() ? new DirectOutflow(reads, linger) : new EntranceOutflow(linger);
    }

    /** The connection begins: from here on its close is not a reset by itself, which the acceptor had made of it. */
    public void open(Channel channel) {
        Registration.done(channel, linger);
    }

    /** Sends the bytes, which the sender owes from now on, and releases them when they are gone. */
    public abstract void send(ChannelHandlerContext ctx, ByteBuf bytes, Sender sender);

    /** Whether the connection may read on although it owes: what goes out late is to be read in its time. */
    public boolean hasRoomAhead(ChannelHandlerContext ctx) {
        return false;
    }

    /** Whether so many bytes that no read has made room for can wait, until the kernel takes them. */
    public abstract boolean hasRoomToSpeak(Channel channel, int count);

    /** Where they wait. */
    abstract WaitingRoom room(Channel channel);

    /** Copies them to where they can wait, which {@link #hasRoomToSpeak} said is there: to be sent one by one. */
    public final List<ByteBuf> words(Channel channel, byte[] text) {
        List<ByteBuf> blocks = new ArrayList<>();
        for (int from = 0; from < text.length; ) {
            ByteBuf block = room(channel).take();
            int count = Math.min(text.length - from, block.writableBytes());
            blocks.add(block.writeBytes(text, from, count));
            from += count;
        }
        return blocks;
    }

    /** Whether a connection that met {@link NoRoom} may read again. */
    public abstract boolean hasRoomFor(Channel channel);

    /** What is sent next may wait for the FIN, to leave in one segment with it. */
    public void holdForFin(Channel channel) {
        SystemCalls.holdForFin(channel);
    }

    /**
     * Sends our FIN behind all that was sent. The channel closes by itself when the peer's FIN comes, and its reset is
     * an exception in the pipeline.
     */
    public final void fin(ChannelHandlerContext ctx, Sender sender) {
        forgetLinger(ctx.channel());
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        sendFin(ctx, sender);
    }

    abstract void sendFin(ChannelHandlerContext ctx, Sender sender);

    /**
     * Whether the read that is now complete met the peer's FIN. Whoever closes then spares the system calls of a
     * half-close, which Netty goes on with. False where it comes as an event alone.
     */
    public abstract boolean metFin();

    /** Ends in order; the kernel itself resets if the peer sent what was not read. */
    public final void close(ChannelHandlerContext ctx) {
        forgetLinger(ctx.channel());
        sendClose(ctx);
    }

    abstract void sendClose(ChannelHandlerContext ctx);

    /** Closes at once, behind what has been flushed. */
    public final void release(ChannelHandlerContext ctx) {
        forgetLinger(ctx.channel());
        ctx.close();
    }

    /** Ends so that the peer sees an error, never an end of stream. */
    public void reset(ChannelHandlerContext ctx) {
        AcceptedSockets.resetOnClose(ctx.channel());
        ctx.close();
    }

    /**
     * Until {@link #endsInOrder}. Netty closes a channel whose flush fails before it tells anybody, and a FIN in the
     * middle of what is owed would look like an end.
     */
    public final void resetsOnClose(Channel channel) {
        AcceptedSockets.resetOnClose(channel);
    }

    /** The bytes that waited have gone. */
    public final void endsInOrder(Channel channel) {
        AcceptedSockets.linger(channel, linger);
    }

    /** The same for the time of one flush, without a system call on epoll. */
    final void flushBegins(Channel channel) {
        Registration.of(channel);
    }

    final void flushIsOver(Channel channel) {
        Registration.done(channel, linger);
    }

    /** Has a connection that is given no outflow wait for nothing when it closes, whatever SO_LINGER it has. */
    public static void closesWithoutWaiting(Channel accepted) {
        AcceptedSockets.closeWithoutWaiting(accepted);
    }

    private void forgetLinger(Channel channel) {
        if (linger > 0) {
            AcceptedSockets.closeWithoutWaiting(channel);
        }
    }
}
