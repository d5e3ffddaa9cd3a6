package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.net.PeerAddress;
import dev.tcpecho.testing.LogsAlso;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.TlsBuckets;
import dev.tcpecho.testing.Transports;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is remembered of connections that ended, against the counters of their reasons. */
class ClosedConnectionTest {
    @TempDir
    private Path folder;

    private static List<ClosedConnection> all(RunningEcho echo) {
        return ClosedConnection.newest(echo.service().listeners(), any -> true, 1000);
    }

    @ParameterizedTest
    @EnumSource
    void eachEndHasTheReasonOfItsCounter(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(
                transport,
                "echo.mode=stream",
                "echo.connections.enabled=true",
                "echo.idle-timeout=300MS",
                "echo.max-connections=100",
                "echo.listeners.once.max-connections=100",
                "echo.listeners.once.port=0",
                "echo.listeners.once.linger-timeout=200MS")) {
            try (Peer peer = echo.connect().send("abc")) {
                peer.expect("abc").fin().expectFin();
                echo.expectClosed(CloseReason.PEER_FIN, 1);
            }
            ClosedConnection closed = all(echo).get(0);
            assertThat(closed.reason()).isEqualTo(CloseReason.PEER_FIN);
            assertThat(closed.received()).isEqualTo(3);
            assertThat(closed.sent()).isEqualTo(3);
            assertThat(closed.local()).isEqualTo(echo.address());
            assertThat(closed.tcpInfo() != null).isEqualTo(transport == Transports.EPOLL);
            try (Peer peer = echo.connect()) {
                peer.expectFin();
                await().untilAsserted(
                                () -> assertThat(all(echo).get(0).reason()).isEqualTo(CloseReason.IDLE));
                int port = peer.socket().getLocalPort();
                PeerAddress address = PeerAddress.parse("127.0.0.1:" + port).orElseThrow();
                assertThat(ClosedConnection.newest(
                                echo.service().listeners(), each -> address.matches(each.peer()), 10))
                        .singleElement()
                        .satisfies(each ->
                                assertThat(each.peer().socket().getPort()).isEqualTo(port));
            }
            echo.connect().send("x").expect("x").reset();
            await().untilAsserted(() -> assertThat(all(echo).get(0).reason()).isEqualTo(CloseReason.PEER_RESET));
            Listener once = echo.service().listeners().get(1);
            try (Peer peer = Peer.connect(once.sockets().get(0).address())) {
                peer.send("x").expect("x").expectFin();
                await().untilAsserted(
                                () -> assertThat(all(echo).get(0).reason()).isEqualTo(CloseReason.LINGER_TIMEOUT));
            }
            assertThat(all(echo)).hasSize(4);
            assertThat(all(echo).get(0).listener()).isEqualTo("once");
        }
    }

    /** Each reason of the fault catalogue; what ends a connection without an entry is missing here. */
    @ParameterizedTest
    @EnumSource
    @LogsAlso("a connection failed and was reset|it is none of the trusted proxies")
    void whateverEndsAConnectionIsRememberedByTheReasonThatIsCounted(Transports transport) {
        TlsBuckets keys =
                new TlsBuckets().with("echo", TlsBuckets.selfSigned(folder, "server"), null, Duration.ofSeconds(10));
        List<String> properties = new ArrayList<>(List.of(
                "echo.mode=stream",
                "echo.max-connections=100",
                "echo.connections.enabled=true",
                "echo.write-stall-timeout=300MS",
                "echo.drain-delay=0S",
                "echo.drain-timeout=100MS",
                "echo.listeners.idle.idle-timeout=200MS",
                "echo.listeners.once.mode=once",
                "echo.listeners.once.linger-timeout=200MS",
                "echo.listeners.proxied.proxy-protocol=required",
                "echo.listeners.proxied.trusted-proxies=192.0.2.1",
                "echo.listeners.tls.tls-configuration-name=echo",
                "echo.listeners.faulty.mode=stream",
                "echo.listeners.faulty.fault.reset-after=1"));
        for (String name : List.of("idle", "once", "proxied", "tls", "faulty")) {
            properties.add("echo.listeners." + name + ".port=0");
            properties.add("echo.listeners." + name + ".max-connections=100");
        }
        try (RunningEcho echo = RunningEcho.start(transport, keys, properties.toArray(String[]::new));
                Peer stays = echo.connect().send("x").expect("x")) {
            to(echo, "idle", peer -> peer.expectFin(), CloseReason.IDLE);
            to(echo, "once", peer -> peer.send("x").expect("x").expectFin().fin(), CloseReason.COMPLETE);
            to(echo, "once", peer -> peer.send("x").expect("x").expectFin(), CloseReason.LINGER_TIMEOUT);
            to(echo, "once", Peer::fin, CloseReason.PEER_FIN);
            to(echo, "once", Peer::reset, CloseReason.PEER_RESET);
            to(echo, "proxied", Peer::expectReset, CloseReason.PROXY_ERROR);
            to(echo, "tls", peer -> peer.send("plain text").expectReset(), CloseReason.TLS_ERROR);
            to(echo, "faulty", peer -> peer.send("xy").expectReset(), CloseReason.FAULT);
            to(echo, "default", peer -> fail(OpenConnections.of(echo, peer)), CloseReason.ERROR);
            to(echo, "default", Peer::sendForEver, CloseReason.WRITE_STALL);
            echo.service().drain().join();
            stays.expectFin();
            assertThat(counted(echo))
                    .containsOnlyKeys(EnumSet.complementOf(EnumSet.of(CloseReason.FORCED)))
                    .isEqualTo(remembered(echo));
        }
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream", "echo.connections.enabled=true");
                Peer peer = echo.connect().send("x").expect("x")) {
            echo.service().stop().join();
            peer.expectFin();
            assertThat(counted(echo)).containsEntry(CloseReason.FORCED, 1L).isEqualTo(remembered(echo));
        }
    }

    private static void to(RunningEcho echo, String listener, Consumer<Peer> script, CloseReason reason) {
        Listener listening = echo.service().listeners().stream()
                .filter(each -> each.name().equals(listener))
                .findFirst()
                .orElseThrow();
        InetSocketAddress target = listening.sockets().get(0).address();
        // One that is reset before connect() returns is told as well.
        try (Peer peer = Stream.generate(() -> Peer.tryConnect(target))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow()) {
            PeerAddress address = PeerAddress.parse("127.0.0.1:" + peer.socket().getLocalPort())
                    .orElseThrow();
            script.accept(peer);
            await().untilAsserted(() -> assertThat(ClosedConnection.newest(
                            echo.service().listeners(), each -> address.matches(each.peer()), 10))
                    .singleElement()
                    .satisfies(each -> {
                        assertThat(each.reason()).isEqualTo(reason);
                        assertThat(each.listener()).isEqualTo(listener);
                    }));
        }
        await().until(() -> counted(echo).equals(remembered(echo)));
    }

    private static void fail(Channel channel) {
        channel.eventLoop()
                .execute(() -> channel.pipeline().fireExceptionCaught(new IllegalStateException("broken on purpose")));
    }

    private static Map<CloseReason, Long> counted(RunningEcho echo) {
        Map<CloseReason, Long> counted = new EnumMap<>(CloseReason.class);
        for (CloseReason reason : CloseReason.values()) {
            long count = echo.service().listeners().stream()
                    .mapToLong(listener -> listener.traffic().closed(reason))
                    .sum();
            if (count > 0) {
                counted.put(reason, count);
            }
        }
        return counted;
    }

    private static Map<CloseReason, Long> remembered(RunningEcho echo) {
        return all(echo).stream().collect(Collectors.groupingBy(ClosedConnection::reason, Collectors.counting()));
    }

    @ParameterizedTest
    @EnumSource
    void theLastOnesAreRememberedNewestFirstWhateverTheLoop(Transports transport) {
        try (RunningEcho echo =
                RunningEcho.start(transport, "echo.connections.enabled=true", "echo.connections.closed=3")) {
            for (int i = 1; i <= 8; i++) {
                try (Peer peer = echo.connect()) {
                    peer.send("x".repeat(i)).expect("x".repeat(i)).expectFin().fin();
                    echo.expectClosed(CloseReason.COMPLETE, i);
                }
            }
            assertThat(all(echo)).extracting(ClosedConnection::received).containsExactly(8L, 7L, 6L);
        }
    }

    @Test
    void nothingIsKeptWhileConnectionsAreNotShown() {
        try (RunningEcho echo = RunningEcho.start(Transports.NIO);
                Peer peer = echo.connect()) {
            peer.send("x").expect("x").expectFin().fin();
            echo.expectClosed(CloseReason.COMPLETE, 1);
            assertThat(all(echo)).isEmpty();
            assertThat(echo.listener().closedRings()).isEmpty();
        }
    }
}
