package dev.tcpecho.server;

import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.vertx.core.impl.VertxInternal;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** The server's side of connections, for tests that break something there. */
final class OpenConnections {
    private OpenConnections() {}

    /** The channel of this peer's connection; the start-up check's own may still be open beside it. */
    static Channel of(RunningEcho echo, Peer peer) {
        await().until(() -> find(echo, peer.socket()).isPresent());
        return find(echo, peer.socket()).orElseThrow();
    }

    /** What the server knows of the peer behind this socket. */
    static dev.tcpecho.net.Peer of(RunningEcho echo, Socket wire) {
        await().until(() -> find(echo, wire).isPresent());
        return dev.tcpecho.net.Peer.of(find(echo, wire).orElseThrow());
    }

    /** Puts a handler before the connection's own; it sees every event from the return on. */
    static void addFirst(Channel channel, ChannelHandler handler) {
        channel.eventLoop().submit(() -> channel.pipeline().addFirst(handler)).syncUninterruptibly();
    }

    static List<Channel> channels(RunningEcho echo) {
        return all(echo).stream().map(Connection::channel).toList();
    }

    private static Optional<Channel> find(RunningEcho echo, Socket wire) {
        return all(echo).stream()
                .map(Connection::channel)
                .filter(channel -> wire.getLocalSocketAddress().equals(channel.remoteAddress()))
                .findFirst();
    }

    private static List<Connection> all(RunningEcho echo) {
        List<Connection> all = new ArrayList<>();
        ((VertxInternal) echo.vertx()).getEventLoopGroup().forEach(executor -> {
            EventLoop loop = (EventLoop) executor;
            try {
                all.addAll(loop.submit(() -> echo.listener().loops().on(loop).list())
                        .get());
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        });
        return all;
    }
}
