package dev.tcpecho.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLException;

/**
 * Between TLS and the connection: turns the beginning and the ends of TLS into those of a connection. The connection
 * begins when the handshake is complete; the peer's close_notify is the end of its input, while a FIN without it is a
 * truncation (RFC 8446, 6.1); our FIN is preceded by our close_notify.
 */
final class TlsEnds extends ChannelDuplexHandler {
    /** Application protocols that the client offered. */
    static final AttributeKey<List<String>> OFFERED = AttributeKey.valueOf("tcp-echo.tls.offered");

    private final BiConsumer<TlsOutcome, Channel> told;
    private boolean handshaken;
    private boolean failed;
    private boolean inputEnded;

    TlsEnds(BiConsumer<TlsOutcome, Channel> told) {
        this.told = told;
    }

    /** The handshake comes first. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {}

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                begin(ctx);
            } else {
                handshakeFailed(ctx, TlsOutcome.of(handshake.cause()), handshake.cause());
            }
        } else if (event instanceof SslCloseCompletionEvent close) {
            if (close.isSuccess() && !inputEnded) {
                inputEnded = true;
                ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
        } else if (event == ChannelInputShutdownEvent.INSTANCE) {
            finReceived(ctx);
        } else if (inputEnded || event != ChannelInputShutdownReadComplete.INSTANCE) {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void begin(ChannelHandlerContext ctx) {
        handshaken = true;
        List<String> offered = ctx.channel().attr(OFFERED).getAndSet(null);
        ctx.channel().attr(Peer.TLS).set(TlsSession.of(engine(ctx).engine(), offered == null ? List.of() : offered));
        told.accept(TlsOutcome.COMPLETE, ctx.channel());
        ctx.fireChannelActive();
    }

    private void finReceived(ChannelHandlerContext ctx) {
        if (inputEnded) {
            return;
        }
        inputEnded = true;
        if (handshaken) {
            fail(ctx, new EntranceException(SocketError.TLS, "the peer's FIN came without close_notify"));
        } else if (ctx.pipeline().get(TlsWire.class).isUntouched()) {
            failed = true;
            told.accept(TlsOutcome.MISSING, ctx.channel());
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE); // a bare connect: it ends in order
        } else {
            handshakeFailed(ctx, TlsOutcome.ABORTED, null);
        }
    }

    private void handshakeFailed(ChannelHandlerContext ctx, TlsOutcome outcome, Throwable cause) {
        if (failed) {
            return;
        }
        told.accept(outcome, ctx.channel());
        boolean alerted = outcome == TlsOutcome.FAILED;
        if (alerted) {
            ctx.pipeline().get(TlsWire.class).alerted();
        }
        fail(
                ctx,
                new EntranceException(
                        alerted ? SocketError.TLS_ALERTED : SocketError.TLS,
                        "the handshake failed: " + (cause == null ? outcome : cause.getMessage())));
    }

    private void fail(ChannelHandlerContext ctx, EntranceException why) {
        failed = true;
        ctx.fireExceptionCaught(why);
    }

    /** What TLS throws after the handshake; before it, the failed handshake is an event as well. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean tls = cause instanceof SSLException
                || cause instanceof DecoderException && cause.getCause() instanceof SSLException;
        if (!tls) {
            ctx.fireExceptionCaught(cause);
        } else if (handshaken && !failed) {
            fail(ctx, new EntranceException(SocketError.TLS, String.valueOf(cause.getMessage())));
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message != Outflow.FIN) {
            ctx.write(message, promise);
            return;
        }
        engine(ctx).closeOutbound().addListener((ChannelFuture closed) -> {
            if (closed.isSuccess()) {
                ctx.pipeline().context(SslHandler.class).writeAndFlush(Outflow.FIN, promise);
            } else {
                promise.tryFailure(closed.cause());
            }
        });
    }

    /** TLS has no last words for a peer that never began. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (handshaken || ctx.pipeline().get(SslHandler.class) == null) {
            ctx.close(promise);
        } else {
            ctx.pipeline().context(SslHandler.class).close(promise);
        }
    }

    private static SslHandler engine(ChannelHandlerContext ctx) {
        return ctx.pipeline().get(SslHandler.class);
    }
}
