package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.TlsBuckets;
import dev.tcpecho.testing.Transports;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Vert.x takes servers of one port and host string for one: each socket here is one of its own nevertheless. */
class SocketIdentityTest {
    static Stream<Arguments> combinations() {
        List<Arguments> all = new ArrayList<>();
        for (Transports transport : Transports.values()) {
            for (String hosts : List.of("127.0.0.1", "localhost", "127.0.0.1,::1", "localhost,127.0.0.2")) {
                for (int shards = 1; shards <= (transport == Transports.EPOLL ? 2 : 1); shards++) {
                    all.add(Arguments.of(transport, hosts, shards, true));
                    all.add(Arguments.of(transport, hosts, shards, false));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void everySocketOfEveryAddressIsBoundAndServes(Transports transport, String hosts, int shards, boolean fixed)
            throws UnknownHostException {
        int port = fixed ? Ports.free() : 0;
        try (RunningEcho echo = RunningEcho.start(
                transport, "echo.host=" + hosts, "echo.accept-shards=" + shards, "echo.port=" + port)) {
            List<InetAddress> addresses = new ArrayList<>();
            for (String host : hosts.split(",")) {
                addresses.addAll(List.of(InetAddress.getAllByName(host)));
            }
            int distinct = (int) addresses.stream().distinct().count();
            List<ListeningSocket> sockets = echo.listener().sockets();
            assertThat(sockets).hasSize(distinct * shards).allMatch(ListeningSocket::isListening);
            assertThat(sockets.stream().map(socket -> socket.address().getAddress()))
                    .hasSameElementsAs(addresses);
            if (fixed) {
                assertThat(sockets).allMatch(socket -> socket.address().getPort() == port);
            }
            for (ListeningSocket socket : sockets) {
                echoes(socket.address());
                assertThat(socket.others()).isEmpty();
            }
            echo.expectClosed(CloseReason.COMPLETE, sockets.size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoShardedListenersShareAPortOnTwoAddresses(Transports transport) {
        assumeTrue(transport == Transports.EPOLL, "skipped: NIO has no shards");
        int port = Ports.free();
        try (RunningEcho echo = RunningEcho.start(
                transport,
                "echo.port=" + port,
                "echo.accept-shards=2",
                "echo.listeners.other.host=127.0.0.2",
                "echo.listeners.other.port=" + port,
                "echo.listeners.other.accept-shards=2",
                "echo.listeners.other.mode=stream",
                "echo.max-connections=100",
                "echo.listeners.other.max-connections=100")) {
            for (Listener listener : echo.service().listeners()) {
                assertThat(listener.sockets()).hasSize(2);
            }
            echoes(new InetSocketAddress("127.0.0.1", port));
            try (Peer streaming = Peer.connect(new InetSocketAddress("127.0.0.2", port))) {
                streaming.send("a").expect("a").send("b").expect("b").fin().expectFin();
            }
        }
    }

    /** What dev mode does when a server was left open: the next one, on the same Vert.x, port and host string. */
    @ParameterizedTest
    @EnumSource
    void aSecondServerDoesNotJoinTheSocketOfTheFirst(Transports transport) {
        transport.assumeAvailable();
        int port = Ports.free();
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(transport == Transports.EPOLL));
        EchoServer left = new EchoServer(
                vertx,
                RunningEcho.config("echo.port=" + port, "echo.host=localhost", "echo.socket.accept-backlog=7"),
                new TlsBuckets());
        EchoServer next = new EchoServer(
                vertx,
                RunningEcho.config("echo.port=" + port, "echo.host=localhost", "echo.socket.accept-backlog=9"),
                new TlsBuckets());
        try {
            left.start().join();
            next.start().join();
            ListeningSocket socket = next.listeners().get(0).sockets().get(0);
            assertThat(socket.acceptQueue().max()).isEqualTo(9);
            left.stop().join();
            assertThat(socket.isListening()).isTrue();
            echoes(socket.address());
            assertThat(next.listeners().get(0).traffic().opened()).isEqualTo(1);
        } finally {
            next.stop().join();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static void echoes(InetSocketAddress address) {
        try (Peer peer = Peer.connect(address)) {
            peer.send("hello").expect("hello").expectFin();
        }
    }
}
