package dev.tcpecho.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.server.EchoServer;
import dev.tcpecho.testing.LogsAlso;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
    @LogsAlso("UnknownKeywordFactory")
    void theReportSaysWhoAnswersAsItsContractSays(Transports transport) throws IOException {
        try (InputStream document = SummaryTest.class.getResourceAsStream("/openapi.yaml");
                RunningEcho echo = RunningEcho.start(transport)) {
            EchoServer service = echo.service();
            String report = new SocketReport(service, Snapshot.of(service, service.listeners()), true, false)
                    .json()
                    .encode();
            Contract.of(new String(document.readAllBytes(), StandardCharsets.UTF_8))
                    .accepts("SocketReport", report);
            assertThat(report).containsSubsequence("summary", "service", "hostName", "state");
        }
    }

    @ParameterizedTest
    @EnumSource
    @LogsAlso("SO_RCVBUF is .* of what was asked")
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
