package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code once}: the reply arrives whole whatever else the peer sends, and the close has a deadline. */
class LingeringCloseTest {
    @ParameterizedTest
    @EnumSource
    void deliversTheReplyToAPeerThatSendsMoreThanTheReadLimit(Transports transport) {
        byte[] bytes = new byte[200_000];
        new Random(16).nextBytes(bytes);
        try (RunningEcho echo = RunningEcho.start(transport)) {
            // Anybody in this network namespace moves the counter now and then; a close() of ours would each time.
            long moved = 1;
            for (int round = 1; round <= 10 && moved > 0; round++) {
                long before = abortsOnClose();
                for (int i = 0; i < 50; i++) {
                    try (Peer peer = echo.connect()) {
                        peer.send(bytes).fin().expect(Arrays.copyOf(bytes, 100)).expectFin();
                    }
                }
                echo.expectClosed(CloseReason.COMPLETE, 50L * round).expectEchoed(50L * 100 * round);
                assertThat(echo.traffic().bytesReceived()).isEqualTo(50L * bytes.length * round);
                moved = abortsOnClose() - before;
            }
            assertThat(moved)
                    .as("TCPAbortOnClose in the quietest of ten rounds")
                    .isZero();
        }
    }

    /** A reply above the write watermark pauses reading; the peer's FIN must be seen all the same. */
    @ParameterizedTest
    @EnumSource
    void seesThePeersFinAfterAReplyAboveTheWatermark(Transports transport) {
        byte[] bytes = new byte[300_000];
        new Random(17).nextBytes(bytes);
        try (RunningEcho echo = RunningEcho.start(
                        transport,
                        "echo.read-limit=1048576",
                        "echo.linger-timeout=1H",
                        "echo.socket.send-buffer-size=16384",
                        "echo.socket.receive-buffer-size=2097152");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            peer.send(bytes);
            int replied = peer.readUntilFin().length;
            assertThat(replied).isPositive();
            peer.fin();
            echo.expectClosed(CloseReason.COMPLETE, 1).expectEchoed(replied);
        }
    }

    @ParameterizedTest
    @EnumSource
    void discardsWhatAPeerSendsForEverAndForcesTheEnd(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.linger-timeout=0.3S");
                Peer peer = echo.connect()) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(peer::sendForEver);
            peer.read(100);
            echo.expectClosed(CloseReason.LINGER_TIMEOUT, 1).expectEchoed(100);
            sending.join();
            assertThat(echo.traffic().bytesDiscarded()).isEqualTo(echo.traffic().bytesReceived() - 100);
        }
    }

    @ParameterizedTest
    @EnumSource
    void forcesTheEndOfAPeerThatKeepsTheConnectionOpen(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.linger-timeout=0.2S");
                Peer peer = echo.connect()) {
            peer.send("hello").expect("hello").expectFin();
            echo.expectClosed(CloseReason.LINGER_TIMEOUT, 1).expectEchoed(5);
        }
    }

    /** TcpExt:TCPAbortOnClose, which counts every close() with unread input, of everyone in this network namespace. */
    private static long abortsOnClose() {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/net/netstat"));
            List<String> names = List.of(lines.get(0).split(" "));
            return Long.parseLong(lines.get(1).split(" ")[names.indexOf("TCPAbortOnClose")]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
