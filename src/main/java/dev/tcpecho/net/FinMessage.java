package dev.tcpecho.net;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;

/** Nearest to the wire of an entrance: turns {@link Outflow#FIN} into the end of the output. */
@ChannelHandler.Sharable
final class FinMessage extends ChannelOutboundHandlerAdapter {
    static final FinMessage HANDLER = new FinMessage();

    private FinMessage() {}

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message == Outflow.FIN) {
            ctx.flush(); // what is queued before it goes first: Netty drops the rest at the end of the output
            ((DuplexChannel) ctx.channel()).shutdownOutput(promise);
        } else {
            ctx.write(message, promise);
        }
    }
}
