package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Ss;
import dev.tcpecho.testing.Transports;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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

    /** Netty closes a channel that lingers on one thread for all of them: no end, of either side, may need it. */
    @ParameterizedTest
    @EnumSource
    void noEndNeedsTheThreadThatAllLingeringChannelsShare(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(
                transport, "echo.mode=stream", "echo.idle-timeout=500MS", "echo.socket.so-linger=60S")) {
            CountDownLatch hold = new CountDownLatch(1);
            GlobalEventExecutor.INSTANCE.execute(() -> {
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            try (Peer silent = echo.connect();
                    Peer finishing = echo.connect()) {
                echo.connect().reset();
                echo.connect().send("x").expect("x").reset();
                finishing.send("x").fin().expect("x").expectFin();
                silent.expectFin();
                await().until(() -> echo.traffic().active() == 0);
            } finally {
                hold.countDown();
            }
            assertThat(echo.closedByReason())
                    .isEqualTo(Map.of(CloseReason.PEER_RESET, 2L, CloseReason.PEER_FIN, 1L, CloseReason.IDLE, 1L));
        }
    }

    /** ECONNABORTED, which NIO cannot tell from ETIMEDOUT: right after a byte the kernel cannot have given up. */
    @ParameterizedTest
    @EnumSource
    void countsAConnectionThatWasEndedFromOutsideAsReset(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream");
                Peer used = echo.connect();
                Peer silent = echo.connect()) {
            used.send("x").expect("x");
            assumeTrue(end(echo, used), "skipped: ss may not end sockets here");
            assertThat(end(echo, silent)).isTrue();
            used.expectReset();
            silent.expectReset();
            echo.expectClosed(CloseReason.PEER_RESET, 2);
        }
    }

    private static boolean end(RunningEcho echo, Peer peer) {
        return Ss.kills(echo.address(), peer.socket().getLocalPort());
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
