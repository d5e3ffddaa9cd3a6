package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Between the wire and TLS. What TLS writes goes out once for each read, in memory that counts. After a handshake that
 * failed, the alert has to arrive: a close while the peer's input is unread would be a reset, which overtakes it. So
 * this end is our FIN, input is discarded, and the close comes with the peer's FIN or soon.
 */
final class TlsWire extends ChannelDuplexHandler {
    private static final long LINGER_MILLIS = 1000;

    private final TlsOutput output;
    private final Duration patience;
    private boolean reading;
    private boolean flushed;
    private long received;
    private Future<?> watch;
    private boolean untouched = true;
    private boolean alerted;
    private boolean lingering;

    /** @param patience a record that was begun, and holds memory, is complete by then */
    TlsWire(WaitingRoom room, Duration patience) {
        this.output = new TlsOutput(room);
        this.patience = patience;
    }

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
            received += ((ByteBuf) message).readableBytes();
            reading = true;
            ctx.fireChannelRead(message);
            reading = false;
            if (flushed) {
                flush(ctx);
            }
            watch(ctx);
        }
    }

    private void watch(ChannelHandlerContext ctx) {
        if (watch == null && ctx.channel().isActive() && waiting(ctx) > 0) {
            long before = received - waiting(ctx);
            watch = ctx.executor().schedule(() -> look(ctx, before), patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Who owes its peer nothing and has part of a record holds memory for it alone.
     *
     * @param before bytes of complete records when the watch began
     */
    private void look(ChannelHandlerContext ctx, long before) {
        watch = null;
        if (waiting(ctx) > 0 && received - waiting(ctx) == before && hasNothingToSend(ctx.channel())) {
            ctx.fireExceptionCaught(new SSLException("a record was begun, and is not complete in " + patience));
        } else {
            watch(ctx);
        }
    }

    private static boolean hasNothingToSend(Channel channel) {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        return unsent != null && unsent.isEmpty();
    }

    private static int waiting(ChannelHandlerContext ctx) {
        TlsEngine engine = ctx.pipeline().get(TlsEngine.class);
        return engine == null ? 0 : engine.waiting();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            output.add(bytes, promise);
        } else {
            output.write(ctx);
            ctx.write(message, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        flushed = reading;
        if (!reading) {
            output.write(ctx);
            ctx.flush();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        output.drop();
        if (watch != null) {
            watch.cancel(false);
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        output.write(ctx);
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

    private void finish(ChannelHandlerContext ctx) {
        flush(ctx);
        ((DuplexChannel) ctx.channel()).shutdownOutput();
    }
}
