package dev.tcpecho.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Stands on the listening channel of the side port, before Netty's own acceptor. */
final class SidePortAcceptor extends ChannelInboundHandlerAdapter {
    private static final long TICK_MILLIS = 100;

    /** After a failed accept (no descriptor left). */
    private static final long PAUSE_MILLIS = 500;

    private final SidePortSockets sockets;
    private final Consumer<Throwable> failures;
    private final Deque<Channel> waiting = new ArrayDeque<>();
    private volatile boolean full;
    private boolean paused;
    private Future<?> ticking;

    SidePortAcceptor(SidePortSockets sockets, Consumer<Throwable> failures) {
        this.sockets = sockets;
        this.failures = failures;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        sockets.whenFreed(() -> {
            if (full) {
                ctx.executor().execute(() -> admit(ctx));
            }
        });
        ticking = ctx.executor().scheduleWithFixedDelay(sockets::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (ticking != null) {
            ticking.cancel(false);
        }
        waiting.forEach(each -> each.unsafe().closeForcibly());
        waiting.clear();
        sockets.closeDoor();
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        waiting.add((Channel) msg);
        // Before it is asked for: else a place that becomes free meanwhile is not heard of.
        full = true;
        admit(ctx);
    }

    private void admit(ChannelHandlerContext ctx) {
        while (!waiting.isEmpty() && sockets.admit(waiting.peek())) {
            ctx.fireChannelRead(waiting.poll());
        }
        full = !waiting.isEmpty();
        sockets.setWanted(full);
        ctx.channel().config().setAutoRead(!full && !paused && ctx.channel().isOpen());
    }

    /** Netty would pause for a second as well, and log a stack trace each time. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!paused && ctx.channel().isOpen()) {
            paused = true;
            ctx.channel().config().setAutoRead(false);
            ctx.executor()
                    .schedule(
                            () -> {
                                paused = false;
                                admit(ctx);
                            },
                            PAUSE_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
        failures.accept(cause);
    }
}
