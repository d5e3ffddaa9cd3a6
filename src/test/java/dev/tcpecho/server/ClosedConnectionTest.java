package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.net.PeerAddress;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is remembered of connections that ended, against the counters of their reasons. */
class ClosedConnectionTest {
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
