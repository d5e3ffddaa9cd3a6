package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Ss;
import dev.tcpecho.testing.Transports;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each fault as its client meets it: bytes, times, states, and the counters. Lower bounds are strict, upper ones
 * generous.
 */
class FaultTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private static InetSocketAddress local(Peer peer) {
        return (InetSocketAddress) peer.socket().getLocalSocketAddress();
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    @ParameterizedTest
    @EnumSource
    void everyReplyIsLateAndWhole(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream", "echo.fault.delay=100MS..200MS");
                Peer peer = echo.connect()) {
            for (int i = 0; i < 3; i++) {
                long sent = System.nanoTime();
                peer.send("x" + i).expect("x" + i);
                assertThat(since(sent)).isBetween(Duration.ofMillis(98), PATIENCE);
            }
            byte[] much = bytes(20_000);
            peer.send(much).fin().expect(much).expectFin();
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(6 + much.length);
        }
    }

    /** One after the other they would take eight times the delay. */
    @ParameterizedTest
    @EnumSource
    void aLateReplyDoesNotMakeTheNextOneLater(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream", "echo.fault.delay=2S");
                Peer peer = echo.connect()) {
            long start = System.nanoTime();
            for (int i = 1; i <= 8; i++) {
                int sent = i;
                peer.send("" + i);
                await().until(() -> echo.traffic().bytesReceived() == sent);
            }
            peer.expect("12345678");
            assertThat(since(start)).isBetween(Duration.ofMillis(1998), Duration.ofSeconds(12));
            peer.fin().expectFin();
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(8);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFinOfOnceComesBehindTheLateReply(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.fault.delay=150MS");
                Peer peer = echo.connect()) {
            long sent = System.nanoTime();
            peer.send("late").fin().expect("late").expectFin();
            assertThat(since(sent)).isBetween(Duration.ofMillis(148), PATIENCE);
            echo.expectClosed(CloseReason.COMPLETE, 1).expectEchoed(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noMoreThanTheRateArrives(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream", "echo.fault.rate=20K");
                Peer peer = echo.connect()) {
            byte[] bytes = bytes(20 << 10);
            long sent = System.nanoTime();
            peer.sendingAndFin(bytes);
            peer.expect(bytes).expectFin();
            assertThat(since(sent)).isBetween(Duration.ofMillis(945), PATIENCE);
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(bytes.length);
        }
    }

    /** As many segments with data reach the client as there are pieces. */
    @ParameterizedTest
    @EnumSource
    void eachPieceIsASegment(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream", "echo.fault.chunk=5");
                Peer peer = echo.connect()) {
            byte[] bytes = bytes(1000);
            peer.send(bytes).expect(bytes);
            if (transport == Transports.EPOLL) { // elsewhere the kernel may join what it did not send at once
                assertThat(Ss.accepted(echo.address(), peer.socket().getLocalPort())
                                .number("data_segs_out:(\\d+)"))
                        .isEqualTo(200);
            }
            peer.fin().expectFin();
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(bytes.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void exactlySoManyBytesComeBeforeTheReset(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream", "echo.fault.reset-after=1000");
                Peer peer = echo.connect()) {
            byte[] bytes = bytes(999);
            peer.send(bytes).expect(bytes);
            peer.send("zz").expect("z").expectReset();
            echo.expectClosed(CloseReason.FAULT, 1);
            assertThat(echo.traffic().bytesSent()).isEqualTo(1000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLastByteIsFollowedByAResetAlsoWhereThePeerHasFinished(Transports transport) {
        for (String mode : new String[] {"stream", "once"}) {
            try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=" + mode, "echo.fault.reset-after=10");
                    Peer peer = echo.connect()) {
                peer.send("0123456789").fin().expect("0123456789").expectReset();
                echo.expectClosed(CloseReason.FAULT, 1).expectEchoed(10);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void exactlySoManyBytesComeBeforeTheFin(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream", "echo.fault.close-after=1000");
                Peer peer = echo.connect()) {
            byte[] bytes = bytes(5000);
            peer.send(bytes);
            assertThat(peer.readUntilFin()).isEqualTo(Arrays.copyOf(bytes, 1000));
            peer.send(bytes).fin();
            echo.expectClosed(CloseReason.FAULT, 1).expectEchoed(1000);
            assertThat(echo.traffic().bytesReceived()).isEqualTo(10_000);
        }
    }

    @ParameterizedTest
    @CsvSource({"NIO,stream", "EPOLL,stream", "NIO,report", "EPOLL,discard", "NIO,once"})
    void zeroEndsItAtOnce(Transports transport, String mode) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=" + mode, "echo.fault.close-after=0")) {
            try (Peer peer = echo.connect()) {
                peer.expectFin();
            }
            echo.expectClosed(CloseReason.FAULT, 1);
            assertThat(echo.traffic().bytesSent()).isZero();
        }
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=" + mode, "echo.fault.reset-after=0");
                Peer peer = Peer.tryConnect(echo.address()).orElse(null)) {
            if (peer != null) { // else the reset came before connect() returned
                peer.expectReset();
            }
            echo.expectClosed(CloseReason.FAULT, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatDoesNotFinishAfterTheFinIsALingerTimeout(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(
                        transport, "echo.mode=stream", "echo.fault.close-after=0", "echo.linger-timeout=300MS");
                Peer peer = echo.connect()) {
            peer.expectFin();
            echo.expectClosed(CloseReason.LINGER_TIMEOUT, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theWindowClosesWhereNothingIsRead(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(
                        transport,
                        "echo.mode=stream",
                        "echo.fault.read=never",
                        "echo.socket.receive-buffer-size=8K",
                        "echo.idle-timeout=4S");
                Peer peer = echo.connect()) {
            CompletableFuture<Void> sentUntilTheEnd = CompletableFuture.runAsync(peer::sendForEver);
            // The client has data and no window: ss shows its persist timer.
            await().atMost(PATIENCE)
                    .until(() ->
                            Ss.accepted(local(peer), echo.address().getPort()).shows("persist"));
            assertThat(echo.traffic().bytesReceived()).isZero();
            echo.expectClosed(CloseReason.IDLE, 1);
            sentUntilTheEnd.join(); // which the kernel resets, since there is unread input
        }
    }

    /** Not with a FIN before it, which a client would take for an end in order. */
    @ParameterizedTest
    @EnumSource
    void theEndIsAResetWhereNothingIsRead(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(
                        transport, "echo.mode=stream", "echo.fault.read=never", "echo.idle-timeout=3S");
                Peer peer = echo.connect();
                Peer finished = echo.connect()) {
            peer.send("unread");
            finished.send("unread").fin();
            peer.expectReset();
            finished.expectReset();
            echo.expectClosed(CloseReason.IDLE, 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFinIsNotAnswered(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(
                        transport, "echo.mode=stream", "echo.fault.hold-open=true", "echo.idle-timeout=2S");
                Peer peer = echo.connect()) {
            byte[] bytes = bytes(3_000_000);
            peer.sendingAndFin(bytes);
            peer.expect(bytes);
            assertThat(Ss.accepted(echo.address(), peer.socket().getLocalPort()).state())
                    .isEqualTo("CLOSE-WAIT");
            peer.expectFin(); // the idle time-out's
            echo.expectClosed(CloseReason.IDLE, 1).expectEchoed(bytes.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSameSeedMakesTheSameChoices(Transports transport) {
        List<List<Boolean>> runs = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            List<Boolean> closed = new ArrayList<>();
            try (RunningEcho echo = RunningEcho.start(
                    transport,
                    "echo.mode=stream",
                    "echo.fault.close-after=0",
                    "echo.fault.probability=0.5",
                    "echo.fault.seed=" + (run == 2 ? 8 : 7))) {
                for (int i = 0; i < 40; i++) {
                    try (Peer peer = echo.connect()) {
                        closed.add(peer.send("x").read(1).length == 0);
                    }
                }
                assertThat(closed).contains(true, false);
                assertThat(echo.listener().fault().faulty())
                        .isEqualTo(closed.stream().filter(each -> each).count());
            }
            runs.add(closed);
        }
        assertThat(runs.get(1)).isEqualTo(runs.get(0));
        assertThat(runs.get(2)).isNotEqualTo(runs.get(0));
    }
}
