package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer that resets is normal: counted, its buffers released, and not a line above DEBUG. */
class ResetTest {
    @ParameterizedTest
    @EnumSource
    void countsAResetInMidEcho(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream")) {
            for (int i = 0; i < 20; i++) {
                try (Peer peer = echo.connect()) {
                    peer.send(new byte[50_000]).read(1);
                    peer.reset();
                }
            }
            echo.expectClosed(CloseReason.PEER_RESET, 20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void countsAResetWhileReadingIsPaused(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(
                        transport,
                        "echo.mode=stream",
                        "echo.write-stall-timeout=30S",
                        "echo.socket.send-buffer-size=65536",
                        "echo.socket.receive-buffer-size=65536");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(peer::sendForEver);
            await().until(() -> !OpenConnections.of(echo, peer).config().isAutoRead());
            peer.reset();
            sending.join();
            echo.expectClosed(CloseReason.PEER_RESET, 1);
            assertThat(echo.traffic().bytesReceived())
                    .isGreaterThan(echo.traffic().bytesSent());
        }
    }

    @ParameterizedTest
    @EnumSource
    void countsAWriteToAPeerThatClosedAsOneReset(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream")) {
            for (int i = 0; i < 20; i++) {
                try (Peer peer = echo.connect()) {
                    peer.send(new byte[100_000]); // closed with the echo unread, so the peer's kernel resets
                }
            }
            await().until(() -> echo.traffic().closed() == 20 && echo.traffic().active() == 0);
            assertThat(echo.closedByReason().keySet()).isSubsetOf(CloseReason.PEER_RESET, CloseReason.PEER_FIN);
        }
    }

    @ParameterizedTest
    @EnumSource
    void logsNothingForAStormOfResets(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport)) {
            for (int i = 0; i < 2000; i++) {
                echo.connect().reset();
            }
            await().until(() -> echo.traffic().active() == 0 && echo.traffic().closed() == 2000);
            assertThat(echo.traffic().opened()).isEqualTo(2000);
        }
    }
}
