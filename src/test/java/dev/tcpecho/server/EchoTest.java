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

/** The two modes on the wire, and what they count. */
class EchoTest {
    @ParameterizedTest
    @EnumSource
    void onceEchoesTheFirstBytesAndFinishes(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport);
                Peer peer = echo.connect()) {
            peer.send("hello").expect("hello").expectFin();
        }
    }

    @ParameterizedTest
    @EnumSource
    void onceEchoesNoMoreThanTheReadLimit(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.read-limit=7");
                Peer peer = echo.connect()) {
            peer.send("0123456789").expect("0123456").expectFin().close();
            await().until(() -> echo.listener().traffic().closed(CloseReason.COMPLETE) == 1);
            assertThat(echo.listener().traffic().bytesReceived()).isEqualTo(10);
            assertThat(echo.listener().traffic().bytesSent()).isEqualTo(7);
            assertThat(echo.listener().traffic().bytesDiscarded()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void streamEchoesUntilTheClientFinishes(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream");
                Peer peer = echo.connect()) {
            peer.send("one").expect("one").send("two").expect("two").fin().expectFin();
            await().until(() -> echo.listener().traffic().closed(CloseReason.PEER_FIN) == 1);
            assertThat(echo.listener().traffic().bytesReceived()).isEqualTo(6);
            assertThat(echo.listener().traffic().bytesSent()).isEqualTo(6);
            assertThat(echo.listener().traffic().active()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void returnsEveryByteAfterHalfClose(Transports transport) {
        byte[] bytes = new byte[5 << 20];
        new Random(7).nextBytes(bytes);
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> peer.send(bytes).fin());
            peer.expect(bytes).expectFin();
            sending.join();
        }
    }
}
