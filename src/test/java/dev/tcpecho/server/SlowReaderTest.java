package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer that does not take its bytes costs little memory, and not for ever. */
class SlowReaderTest {
    /** One read. */
    private static final int MOST_HELD = ConfiguredListeners.LARGEST_READ;

    @ParameterizedTest
    @EnumSource
    void stopsReadingAndResetsAPeerThatNeverReads(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream", "echo.write-stall-timeout=0.6S");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(peer::sendForEver);
            long most = 0;
            while (!sending.isDone()) {
                most = Math.max(most, echo.held());
                Thread.onSpinWait();
            }
            assertThat(most).isPositive().isLessThanOrEqualTo(MOST_HELD);
            sending.join();
            echo.expectClosed(CloseReason.WRITE_STALL, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void resetsAPeerThatFinishedAndNeverReadsItsLastBytes(Transports transport) {
        byte[] bytes = new byte[1 << 20];
        try (RunningEcho echo = RunningEcho.start(
                        transport,
                        "echo.mode=stream",
                        "echo.write-stall-timeout=0.3S",
                        "echo.socket.send-buffer-size=65536",
                        "echo.socket.receive-buffer-size=2097152");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            peer.send(bytes).fin();
            echo.expectClosed(CloseReason.WRITE_STALL, 1);
            peer.expectReset();
        }
    }

    @ParameterizedTest
    @EnumSource
    void onceResetsAPeerThatNeverReadsItsReply(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(
                        transport,
                        "echo.read-limit=4194304",
                        "echo.write-stall-timeout=0.3S",
                        "echo.socket.send-buffer-size=4608",
                        "echo.socket.receive-buffer-size=2097152");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            peer.send(new byte[1 << 20]);
            echo.expectClosed(CloseReason.WRITE_STALL, 1);
            peer.expectReset();
        }
    }

    /** Each pause is shorter than the time-out and all together are longer: progress starts the clock again. */
    @ParameterizedTest
    @EnumSource
    void losesNothingWhenTheReaderResumesInTime(Transports transport) {
        byte[] bytes = new byte[1 << 20];
        new Random(5).nextBytes(bytes);
        try (RunningEcho echo = RunningEcho.start(
                        transport,
                        "echo.mode=stream",
                        "echo.write-stall-timeout=1S",
                        "echo.socket.send-buffer-size=65536",
                        "echo.socket.receive-buffer-size=65536");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            CompletableFuture<Void> sending = peer.sendingAndFin(bytes);
            int step = bytes.length / 4;
            for (int at = 0; at < bytes.length; at += step) {
                await().during(Duration.ofMillis(500))
                        .until(() -> echo.traffic().active() == 1);
                peer.expect(java.util.Arrays.copyOfRange(bytes, at, at + step));
            }
            peer.expectFin();
            sending.join();
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(bytes.length);
        }
    }
}
