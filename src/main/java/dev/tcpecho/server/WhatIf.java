package dev.tcpecho.server;

import dev.tcpecho.kernel.Sysctls;
import dev.tcpecho.net.Binding;
import dev.tcpecho.net.Entrance;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.net.Outflow;
import dev.tcpecho.net.Reception;
import dev.tcpecho.net.Shard;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.SocketSettings;
import dev.tcpecho.option.SocketValues;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a listening socket and a connection that it accepts would get here, asked of the kernel: on a socket of its own
 * on the loopback interface, which is closed again.
 *
 * @param sysctls by which the verdicts were found
 * @param accepted empty when no connection could be accepted
 */
public record WhatIf(boolean ipv6, Sysctls sysctls, List<OptionReading> listener, List<OptionReading> accepted) {
    /** Longer a question does not take. */
    static final Duration BOUND = Duration.ofMillis(250);

    private static final int READ = 1024;

    /**
     * Blocks for as long as the bound at most.
     *
     * @throws IllegalArgumentException when no socket can be made like that, with what the kernel said
     * @throws TimeoutException when an event loop does not get to it in time; nothing stays open then
     */
    static WhatIf ask(Vertx vertx, boolean ipv6, SocketSettings settings, Duration bound)
            throws InterruptedException, TimeoutException {
        long until = System.nanoTime() + bound.toNanos();
        Scratch scratch = new Scratch();
        try {
            InetAddress loopback = InetAddress.getByName(ipv6 ? "::1" : "127.0.0.1");
            Binding binding = new Binding(new InetSocketAddress(loopback, 0), new Shard(0, 1), false, true, settings);
            ListeningSocket socket = opened(ListeningSocket.open(vertx, binding, scratch), until);
            try {
                List<OptionReading> accepted = connect(socket, scratch, until);
                Sysctls now = Sysctls.read();
                return new WhatIf(ipv6, now, socket.options().readings(now), accepted);
            } finally {
                socket.close();
            }
        } catch (ExecutionException e) {
            throw new IllegalArgumentException(
                    "no socket can be made like that: " + e.getCause().getMessage(), e);
        } catch (SocketTimeoutException e) {
            throw new TimeoutException(e.getMessage());
        } catch (IOException e) {
            throw new IllegalArgumentException("the loopback interface cannot be used: " + e.getMessage(), e);
        }
    }

    private static ListeningSocket opened(CompletableFuture<ListeningSocket> opening, long until)
            throws InterruptedException, ExecutionException, TimeoutException {
        boolean inTime = false;
        try {
            ListeningSocket socket = opening.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            inTime = true;
            return socket;
        } finally {
            if (!inTime) {
                opening.thenAccept(ListeningSocket::close);
            }
        }
    }

    private static List<OptionReading> connect(ListeningSocket socket, Scratch scratch, long until)
            throws IOException, InterruptedException, TimeoutException {
        try (Socket client = new Socket()) {
            client.connect(socket.address(), millisUntil(until));
            client.getOutputStream().write(0); // with TCP_DEFER_ACCEPT nothing is accepted before
            SocketValues values = scratch.accepted.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            return socket.options().judge(values, Sysctls.read());
        } catch (ExecutionException e) {
            return List.of();
        }
    }

    /** At least one: 0 would stand for ever. */
    private static int millisUntil(long until) {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()));
    }

    /** Reads what the one connection has, at the moment at which the service reads it too. */
    private static final class Scratch implements Reception {
        final CompletableFuture<SocketValues> accepted = new CompletableFuture<>();

        @Override
        public RecvByteBufAllocator readsOn(EventLoop loop) {
            return new FixedRecvByteBufAllocator(READ);
        }

        @Override
        public Entrance entrance(ChannelHandler admitted) {
            return Entrance.NONE;
        }

        @Override
        public ChannelHandler admit(ListeningSocket socket, Channel channel, EventLoop serving) {
            accepted.complete(socket.options().values(channel));
            Outflow.closesWithoutWaiting(channel);
            return new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    ((ByteBuf) message).release();
                }

                @Override
                public void userEventTriggered(ChannelHandlerContext context, Object event) {
                    end(context); // the client has finished
                }

                @Override
                public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                    end(context);
                }

                /** With a time to linger Netty would close on a thread for all, which may outlive the loop. */
                private void end(ChannelHandlerContext context) {
                    context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
                    context.close();
                }
            };
        }

        @Override
        public void failed(Throwable cause) {
            accepted.completeExceptionally(cause);
        }

        @Override
        public void acceptFailed(Throwable cause) {
            accepted.completeExceptionally(cause);
        }
    }
}
