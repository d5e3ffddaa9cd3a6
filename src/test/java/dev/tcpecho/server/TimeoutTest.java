package dev.tcpecho.server;

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
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream", "echo.idle-timeout=0.5S");
                Peer peer = echo.connect()) {
            for (int i = 0; i < 5; i++) {
                Awaitility.await().pollDelay(Duration.ofMillis(250)).until(() -> true);
                peer.send("x").expect("x");
            }
            peer.fin().expectFin();
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(5);
        }
    }
}
