package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The peer's FIN ends what it sends, and nothing else. */
class HalfCloseTest {
    /** One read. */
    private static final int MOST_HELD = ConfiguredListeners.LARGEST_READ;

    @ParameterizedTest
    @EnumSource
    void finishesAtOnceWithAPeerThatSendsNothing(Transports transport) {
        for (String mode : new String[] {"stream", "once"}) {
            try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=" + mode);
                    Peer peer = echo.connect()) {
                peer.fin().expectFin();
                echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void returnsEveryByteToAPeerThatReadsOnlyAfterItsFin(Transports transport) {
        byte[] bytes = new byte[300_000];
        new Random(11).nextBytes(bytes);
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            peer.send(bytes).fin().expect(bytes).expectFin();
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(bytes.length);
        }
    }

    /**
     * The kernel has the peer's FIN, and its bytes, while the service does not read: it must not read ahead for them.
     */
    @ParameterizedTest
    @EnumSource
    void holdsNoMoreThanOneReadForAHalfClosedSlowReader(Transports transport) {
        byte[] bytes = new byte[1 << 20];
        new Random(12).nextBytes(bytes);
        try (RunningEcho echo = RunningEcho.start(
                        transport,
                        "echo.mode=stream",
                        "echo.socket.send-buffer-size=65536",
                        "echo.socket.receive-buffer-size=2097152");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            CompletableFuture<Void> sending = peer.sendingAndFin(bytes);
            sending.join();
            await().until(() -> echo.held() > 0);
            peer.expect(java.util.Arrays.copyOf(bytes, 100_000));
            assertThat(echo.held()).isLessThanOrEqualTo(MOST_HELD);
            peer.expect(java.util.Arrays.copyOfRange(bytes, 100_000, bytes.length))
                    .expectFin();
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(bytes.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onceRepliesToAPeerThatFinishedFirst(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport);
                Peer peer = echo.connect()) {
            peer.send("hello").fin().expect("hello").expectFin();
            echo.expectClosed(CloseReason.COMPLETE, 1).expectEchoed(5);
        }
    }
}
