package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;

/**
 * Through the handlers of an entrance, which may change, split or delay what is written: bytes count as taken when the
 * whole buffer is, or when a handler tells of a part ({@link Delivery}).
 */
final class EntranceOutflow extends Outflow {
    EntranceOutflow(int linger) {
        super(linger);
    }

    @Override
    public boolean hasRoomFor(Channel channel) {
        return BlockReads.hasRoomFor(channel);
    }

    @Override
    public boolean hasRoomToSpeak(Channel channel, int count) {
        return BlockReads.of(channel).hasRoomFor(channel.config(), count);
    }

    @Override
    WaitingRoom room(Channel channel) {
        return BlockReads.of(channel).room();
    }

    @Override
    public boolean hasRoomAhead(ChannelHandlerContext ctx) {
        FaultyConnection faulty = ctx.pipeline().get(FaultyConnection.class);
        return faulty != null && faulty.hasRoomAhead();
    }

    @Override
    public void send(ChannelHandlerContext ctx, ByteBuf bytes, Sender sender) {
        flushBegins(ctx.channel());
        ctx.writeAndFlush(bytes, new Delivery(ctx.channel(), sender, bytes.readableBytes()));
        flushIsOver(ctx.channel());
    }

    /** The handlers decide when bytes leave: the kernel is not told to wait for more. */
    @Override
    public void holdForFin(Channel channel) {}

    /** What was read may still be on its way through the handlers. */
    @Override
    public boolean metFin() {
        return false;
    }

    @Override
    void sendClose(ChannelHandlerContext ctx) {
        ctx.close();
    }

    @Override
    void sendFin(ChannelHandlerContext ctx, Sender sender) {
        ctx.writeAndFlush(FIN).addListener((ChannelFuture done) -> {
            if (!done.isSuccess()) {
                sender.failed(done.cause());
            }
        });
    }

    /** Past the handlers: one that says goodbye in order would make a cut look like an end. */
    @Override
    public void reset(ChannelHandlerContext ctx) {
        AcceptedSockets.resetOnClose(ctx.channel());
        ctx.pipeline().firstContext().close();
    }
}
