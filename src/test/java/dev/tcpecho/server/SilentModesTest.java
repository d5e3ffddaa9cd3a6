package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Modes discard and chargen: one end is silent. */
class SilentModesTest {
    private static final int MUCH = 20 << 20;

    /** As RFC 864 suggests: each line begins one character later than the one before. */
    private static byte[] characters(int count) {
        StringBuilder text = new StringBuilder();
        for (int line = 0; text.length() < count; line++) {
            for (int i = 0; i < 72; i++) {
                text.append((char) (' ' + (line + i) % 95));
            }
            text.append("\r\n");
        }
        return text.substring(0, count).getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @EnumSource
    void discardTakesEverythingAndSaysNothing(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=discard");
                Peer peer = echo.connect()) {
            peer.send(new byte[MUCH]).fin().expectFin();
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(0);
            assertThat(echo.traffic().bytesDiscarded()).isEqualTo(MUCH);
        }
    }

    @ParameterizedTest
    @EnumSource
    void chargenSendsTheLinesFromTheFirstOnToEachPeer(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=chargen");
                Peer one = echo.connect();
                Peer other = echo.connect()) {
            one.expect(characters(1_000_000));
            other.expect(characters(300_000));
        }
    }

    @ParameterizedTest
    @EnumSource
    void chargenFinishesAfterThePeerWithEveryByteThatCounts(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=chargen");
                Peer peer = echo.connect()) {
            expectTheRestOfChargen(echo, peer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void chargenTakesWhatComesThoughNobodyReads(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=chargen");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            peer.send(new byte[MUCH]);
            await().untilAsserted(
                            () -> assertThat(echo.traffic().bytesDiscarded()).isEqualTo(MUCH));
            expectTheRestOfChargen(echo, peer);
        }
    }

    private static void expectTheRestOfChargen(RunningEcho echo, Peer peer) {
        peer.fin();
        byte[] all = peer.readUntilFin();
        assertThat(all).isEqualTo(characters(all.length));
        echo.expectClosed(CloseReason.PEER_FIN, 1);
        assertThat(echo.traffic().bytesSent()).isEqualTo(all.length);
    }

    @ParameterizedTest
    @EnumSource
    void bothDirectionsOfChargenRunAtATime(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=chargen");
                Peer peer = echo.connect()) {
            CompletableFuture<Void> sent = peer.sending(new byte[MUCH]);
            peer.expect(characters(MUCH));
            sent.join();
            await().untilAsserted(
                            () -> assertThat(echo.traffic().bytesDiscarded()).isEqualTo(MUCH));
        }
    }

    /** Pieces that do not go out are the same memory for all. */
    @ParameterizedTest
    @EnumSource
    void aReaderThatStopsIsResetAndTheOthersGoOn(Transports transport) throws IOException {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=chargen", "echo.write-stall-timeout=500MS");
                Peer stopped = Peer.connect(echo.address(), 4096);
                Peer other = echo.connect()) {
            other.expect(characters(MUCH));
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                other.read(1 << 20);
                return echo.traffic().closed(CloseReason.WRITE_STALL) == 1;
            });
            stopped.expectReset();
        }
    }
}
