package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Silence has a bound. */
class TimeoutTest {
    @ParameterizedTest
    @EnumSource
    void endsASilentConnectionInOrder(Transports transport) {
        for (String mode : new String[] {"stream", "once"}) {
            try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=" + mode, "echo.idle-timeout=0.2S");
                    Peer peer = echo.connect()) {
                peer.expectFin();
                echo.expectClosed(CloseReason.IDLE, 1).expectEchoed(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsAConnectionThatIsUsedOftenerThanTheIdleTimeout(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream", "echo.idle-timeout=1S");
                Peer peer = echo.connect()) {
            for (int i = 0; i < 6; i++) {
                Awaitility.await()
                        .during(Duration.ofMillis(250))
                        .until(() -> echo.traffic().active() == 1);
                peer.send("x").expect("x");
            }
            peer.fin().expectFin();
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(6);
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsAPeerOfOnceThatSendsNothing(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.first-byte-timeout=0.2S", "echo.idle-timeout=1H");
                Peer silent = echo.connect()) {
            silent.expectFin();
            echo.expectClosed(CloseReason.IDLE, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void letsAPeerOfAStreamListenFirst(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(
                        transport, "echo.mode=stream", "echo.first-byte-timeout=0.1S", "echo.idle-timeout=0.6S");
                Peer silent = echo.connect()) {
            long start = System.nanoTime();
            silent.expectFin();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(500));
            echo.expectClosed(CloseReason.IDLE, 1);
        }
    }
}
