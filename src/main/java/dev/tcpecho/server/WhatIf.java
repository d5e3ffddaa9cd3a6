package dev.tcpecho.server;

import dev.tcpecho.kernel.Sysctls;
import dev.tcpecho.net.Binding;
import dev.tcpecho.net.Entrance;
import dev.tcpecho.net.ListeningSocket;
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
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a listening socket and a connection that it accepts would get here, asked of the kernel: on a socket of its own
 * on the loopback interface, which is closed again.
 *
 * @param sysctls by which the verdicts were found
 * @param accepted empty when the connection did not come in time
 */
public record WhatIf(boolean ipv6, Sysctls sysctls, List<OptionReading> listener, List<OptionReading> accepted) {
    private static final long BOUND_MILLIS = 1000;
    private static final int READ = 1024;

    /**
     * Blocks for a second at most.
     *
     * @throws IllegalArgumentException when no socket can be made like that, with what the kernel said
     */
    static WhatIf ask(Vertx vertx, boolean ipv6, SocketSettings settings) throws InterruptedException {
        Scratch scratch = new Scratch();
        try {
            InetAddress loopback = InetAddress.getByName(ipv6 ? "::1" : "127.0.0.1");
            Binding binding = new Binding(new InetSocketAddress(loopback, 0), new Shard(0, 1), false, settings);
            ListeningSocket socket = ListeningSocket.open(vertx, binding, scratch)
                    .orTimeout(BOUND_MILLIS, TimeUnit.MILLISECONDS)
                    .join();
            try {
                List<OptionReading> accepted = connect(socket, scratch);
                Sysctls now = Sysctls.read();
                return new WhatIf(ipv6, now, socket.options(now), accepted);
            } finally {
                socket.close();
            }
        } catch (CompletionException e) {
            throw new IllegalArgumentException(
                    "no socket can be made like that: " + e.getCause().getMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the loopback interface cannot be used: " + e.getMessage(), e);
        }
    }

    private static List<OptionReading> connect(ListeningSocket socket, Scratch scratch)
            throws IOException, InterruptedException {
        try (Socket client = new Socket()) {
            client.connect(socket.address(), (int) BOUND_MILLIS);
            client.getOutputStream().write(0); // with TCP_DEFER_ACCEPT nothing is accepted before
            SocketValues values = scratch.accepted.get(BOUND_MILLIS, TimeUnit.MILLISECONDS);
            return socket.judge(values, Sysctls.read());
        } catch (TimeoutException | ExecutionException e) {
            return List.of();
        }
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
            accepted.complete(socket.values(channel));
            return new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    ((ByteBuf) message).release();
                }

                @Override
                public void userEventTriggered(ChannelHandlerContext context, Object event) {
                    context.close(); // the client has finished
                }

                @Override
                public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
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
