package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.net.AcceptQueue;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** fault.accept=never: what a connect() meets, and what the others notice. */
class NeverAcceptsTest {
    private static final int CONNECT_MILLIS = 3000;

    private static RunningEcho start(Transports transport, String... more) {
        String[] properties = new String[more.length + 3];
        properties[0] = "echo.fault.accept=never";
        properties[1] = "echo.socket.accept-backlog=3";
        properties[2] = transport == Transports.EPOLL ? "echo.socket.tcp-defer-accept=1S" : "echo.max-connections=100";
        System.arraycopy(more, 0, properties, 3, more.length);
        return RunningEcho.start(transport, properties);
    }

    private static void expectTimeout(InetSocketAddress address) {
        assertThatThrownBy(() -> {
                    try (Socket client = new Socket()) {
                        client.connect(address, CONNECT_MILLIS);
                    }
                })
                .isInstanceOf(SocketTimeoutException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectTimesOutFromTheFirstOn(Transports transport) {
        try (RunningEcho echo = start(transport)) {
            expectTimeout(echo.address());
            assertThat(echo.listener().fault().filledBy().orElseThrow())
                    .startsWith("4 connections of the service to itself");
            assertThat(echo.traffic().opened()).isZero();
            assertThat(echo.traffic().active()).isZero();
        }
    }

    /** With TCP_DEFER_ACCEPT nobody could tell them from handshakes that go well; NIO has no means to ask. */
    @Test
    void itsSocketCountsWhatItDrops() {
        Transports.EPOLL.assumeAvailable();
        try (RunningEcho echo =
                RunningEcho.start(Transports.EPOLL, "echo.fault.accept=never", "echo.socket.accept-backlog=3")) {
            AcceptQueue queue = echo.listener().sockets().get(0).acceptQueue();
            long drops = queue.drops();
            expectTimeout(echo.address());
            await().untilAsserted(() -> assertThat(queue.drops()).isGreaterThan(drops));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherListenerDoesNotNotice(Transports transport) {
        try (RunningEcho echo = start(
                transport,
                "echo.max-connections=100",
                "echo.host=127.0.0.1,::1",
                "echo.listeners.good.port=0",
                "echo.listeners.good.mode=stream",
                "echo.listeners.good.max-connections=100")) {
            Listener good = echo.service().listeners().get(1);
            try (Peer peer = Peer.connect(good.sockets().get(0).address())) {
                peer.send("well").fin().expect("well").expectFin();
            }
            await().untilAsserted(() ->
                    assertThat(good.traffic().closed(CloseReason.PEER_FIN)).isEqualTo(1));
        }
    }
}
