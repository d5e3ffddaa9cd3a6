package dev.tcpecho.net;

import dev.tcpecho.option.OptionValue;
import dev.tcpecho.option.SocketOption;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Stands before Netty's own acceptor and keeps accepted channels from it, and failures of accept(). */
final class Acceptor extends ChannelInboundHandlerAdapter implements ChannelFutureListener {
    /**
     * After a failed accept, such as with no descriptor left: long enough not to spin, short enough not to be missed.
     */
    private static final long PAUSE_MILLIS = 500;

    private final AcceptedSockets acceptedSockets;
    private final ListeningSocket socket;
    private final Reception reception;
    private final Supplier<EventLoop> loops;
    private final Map<SocketOption, OptionValue> late;
    private volatile boolean paused;

    /** @param late options that have to be written on every accepted socket */
    Acceptor(
            AcceptedSockets acceptedSockets,
            Map<SocketOption, OptionValue> late,
            ListeningSocket socket,
            Reception reception,
            Supplier<EventLoop> loops) {
        this.late = late;
        this.acceptedSockets = acceptedSockets;
        this.socket = socket;
        this.reception = reception;
        this.loops = loops;
    }

    /** Whether accepting pauses after a failed accept(). */
    boolean isPaused() {
        return paused;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        take((Channel) msg);
    }

    /** Has a channel that is not registered served, or closes it; on the accepting event loop. */
    void take(Channel accepted) {
        boolean done = false;
        try {
            handOver(accepted);
            done = true;
        } catch (ChannelException e) {
            // The peer is gone already: its socket takes no option any more.
        } catch (RuntimeException e) {
            reception.failed(e);
        } finally {
            if (!done) { // whatever was thrown
                AcceptedSockets.resetOnClose(accepted);
                accepted.unsafe().close(accepted.unsafe().voidPromise());
            }
        }
    }

    private void handOver(Channel accepted) {
        EventLoop loop = loops.get();
        acceptedSockets.prepare(accepted, loop, late);
        ChannelHandler connection = reception.admit(socket, accepted, loop);
        if (connection == null) {
            acceptedSockets.refuse(accepted);
            return;
        }
        reception.entrance(connection).install(accepted);
        accepted.pipeline().addLast(connection);
        loop.register(Registration.of(accepted)).addListener(this);
    }

    /** Of a registration: when it fails, Netty has closed the channel. */
    @Override
    public void operationComplete(ChannelFuture registered) {
        if (!registered.isSuccess()) {
            reception.failed(registered.cause());
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
        reception.acceptFailed(cause);
    }
}
