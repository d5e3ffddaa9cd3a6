package dev.tcpecho.net;

import dev.tcpecho.option.SocketOption;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Stands before Netty's own acceptor and keeps accepted channels from it, and failures of accept(). */
final class Acceptor extends ChannelInboundHandlerAdapter {
    /** After a failed accept (no descriptor left): long enough not to spin, short enough not to be missed. */
    private static final long PAUSE_MILLIS = 500;

    private final Function<Channel, Map<SocketOption, Object>> created;
    private final AcceptedSockets acceptedSockets;
    private final Function<Channel, ChannelHandler> connections;
    private final Consumer<Throwable> failures;
    private final Supplier<EventLoop> loops;
    private Map<SocketOption, Object> late = Map.of();
    private volatile boolean paused;

    Acceptor(
            Function<Channel, Map<SocketOption, Object>> created,
            AcceptedSockets acceptedSockets,
            Function<Channel, ChannelHandler> connections,
            Consumer<Throwable> failures,
            Supplier<EventLoop> loops) {
        this.created = created;
        this.acceptedSockets = acceptedSockets;
        this.connections = connections;
        this.failures = failures;
        this.loops = loops;
    }

    /** Whether accepting pauses after a failed accept(). */
    boolean isPaused() {
        return paused;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        late = created.apply(ctx.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        Channel accepted = (Channel) msg;
        EventLoop loop = loops.get();
        ChannelHandler handler = null;
        try {
            acceptedSockets.prepare(accepted, loop, late);
            handler = connections.apply(accepted);
        } catch (ChannelException e) {
            // The peer is gone already: its socket takes no option any more.
        }
        if (handler == null) {
            accepted.unsafe().closeForcibly();
        } else {
            accepted.pipeline().addLast(handler);
            loop.register(accepted);
        }
    }

    /** Netty would pause for a second as well, and log a stack trace each time. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!paused && ctx.channel().isOpen()) {
            paused = true;
            ctx.channel().config().setAutoRead(false);
            ctx.channel()
                    .eventLoop()
                    .schedule(
                            () -> {
                                paused = false;
                                ctx.channel().config().setAutoRead(true);
                            },
                            PAUSE_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
        failures.accept(cause);
    }
}
