package dev.tcpecho.net;

import dev.tcpecho.net.SidePortTurn.State;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The bytes of a side port's connection on their way to the HTTP decoder: what arrives behind a request waits here
 * until that is answered. On the connection's event loop.
 */
final class SidePortBytes extends ChannelInboundHandlerAdapter {
    /** Of bytes that arrived behind a request; the kernel reports the peer's FIN even where nothing is to be read. */
    private static final int MOST_HELD = 64 << 10;

    private final SidePortConnection connection;
    private final SidePortTurn turn;
    private final Deque<ByteBuf> held = new ArrayDeque<>();
    private int heldBytes;
    private ChannelHandlerContext context;
    private boolean installed;
    private boolean passedOn;
    private boolean inputEnded;

    SidePortBytes(SidePortConnection connection, SidePortTurn turn) {
        this.connection = connection;
        this.turn = turn;
    }

    /** Whether the peer's FIN is here. */
    boolean isInputEnded() {
        return inputEnded;
    }

    /** From here on outwards: past the codec and what stands behind it. */
    void close(ChannelPromise promise) {
        if (context == null) {
            promise.channel().close(promise);
        } else {
            context.close(promise);
        }
    }

    /** Decodes what is left of the bytes passed on, and then what waits, up to the next request. */
    void decodeNext() {
        ByteBuf more = held.isEmpty() ? Unpooled.EMPTY_BUFFER : takeHeld();
        context.fireChannelRead(more);
        context.fireChannelReadComplete();
        while (!turn.isAnswer() && !held.isEmpty()) {
            context.fireChannelRead(takeHeld());
            context.fireChannelReadComplete();
        }
    }

    private ByteBuf takeHeld() {
        ByteBuf bytes = held.remove();
        heldBytes -= bytes.readableBytes();
        return bytes;
    }

    void release() {
        held.forEach(ByteBuf::release);
        held.clear();
        heldBytes = 0;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (!installed) {
            installed = true;
            connection.firstByte();
        }
        turn.asking();
        if (turn.is(State.ENDING)) {
            ReferenceCountUtil.release(msg);
        } else if (turn.isAnswer()) {
            hold((ByteBuf) msg);
        } else {
            passedOn = true;
            ctx.fireChannelRead(msg);
        }
    }

    /** Netty's decoder would read again when it has got nothing. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (passedOn) {
            passedOn = false;
            ctx.fireChannelReadComplete();
        }
    }

    private void hold(ByteBuf bytes) {
        held.add(bytes);
        heldBytes += bytes.readableBytes();
        if (heldBytes > MOST_HELD) {
            turn.closing();
            context.close();
        }
    }

    /** The peer's FIN ends its requests, not our answers. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (!turn.isAnswer()) {
                ctx.close();
            }
        } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        ctx.fireChannelInactive();
    }
}
