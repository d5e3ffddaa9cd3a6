package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** Through the channel's own queue: where what was read cannot be sent at once. */
class QueuedOutflow extends Outflow {
    QueuedOutflow(int linger) {
        super(linger);
    }

    @Override
    public void send(ChannelHandlerContext ctx, ByteBuf bytes, Sender sender) {
        ctx.writeAndFlush(bytes, sender.sentBytes());
    }

    @Override
    void sendFin(ChannelHandlerContext ctx, Sender sender) {
        SystemCalls.sendFin(ctx.channel(), sender);
    }
}
