package dev.tcpecho.net;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Between the wire and TLS. After a handshake that failed, the alert has to arrive: a close while the peer's input is
 * unread would be a reset, which overtakes it. So this end is our FIN, input is discarded, and the close comes with the
 * peer's FIN or soon.
 */
final class TlsWire extends ChannelDuplexHandler {
    private static final long LINGER_MILLIS = 1000;

    private boolean untouched = true;
    private boolean alerted;
    private boolean lingering;

    /** Whether no byte has come yet. */
    boolean isUntouched() {
        return untouched;
    }

    /** The next close is the one after an alert. */
    void alerted() {
        alerted = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        untouched = false;
        if (lingering) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!alerted || !ctx.channel().isActive()) {
            ctx.close(promise);
            return;
        }
        if (lingering) { // TLS and the connection both close
            ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
            return;
        }
        lingering = true;
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        ctx.channel().config().setAutoRead(true);
        ctx.executor().execute(() -> finish(ctx)); // TLS tells of the failure before it writes the alert
        ctx.executor().schedule(() -> ctx.close(promise), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static void finish(ChannelHandlerContext ctx) {
        ctx.flush();
        ((DuplexChannel) ctx.channel()).shutdownOutput();
    }
}
