package dev.tcpecho.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.server.EchoServer;
import dev.tcpecho.testing.LogsAlso;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sentence before the figures. */
class SummaryTest {
    private static String summary(EchoServer service) {
        return Snapshot.of(service, service.listeners()).summary();
    }

    @ParameterizedTest
    @EnumSource
    void saysThatAllIsAsAsked(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport)) {
            assertThat(summary(echo.service()))
                    .startsWith("serving on 1 listener; every option is what was asked")
                    .doesNotContain("slowed");
        }
    }

    @ParameterizedTest
    @EnumSource
    @LogsAlso("SO_RCVBUF is reduced")
    void namesWhatIsLessThanAskedAndWhoDecides(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.socket.receive-buffer-size=512M")) {
            assertThat(summary(echo.service()))
                    .startsWith("serving on 1 listener; SO_RCVBUF of default is ")
                    .contains(" of what was asked, since net.core.rmem_max on the node is ");
        }
    }

    @Test
    void namesAConnectionThatItsReaderSlows() {
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.mode=stream");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> peer.trySend(new byte[32 << 20]));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> summary(echo.service()).endsWith("; 1 connection is slowed by its reader"));
            peer.reset();
            sending.join();
        }
    }
}
