package dev.tcpecho.management;

import dev.tcpecho.testing.LogsAlso;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a connection hears of itself is what the side port's contract says of a connection. */
class InBandTest {
    @ParameterizedTest
    @EnumSource
    @LogsAlso("UnknownKeywordFactory|SO_RCVBUF is .* of what was asked|TCP_SAVE_SYN is ignored")
    void theObjectKeepsTheContractOfAConnection(Transports transport) throws IOException {
        try (InputStream document = InBandTest.class.getResourceAsStream("/openapi.yaml");
                RunningEcho echo = RunningEcho.start(
                        transport,
                        "echo.mode=report",
                        "echo.socket.tcp-save-syn=true",
                        "echo.socket.receive-buffer-size=512M");
                Peer peer = echo.connect()) {
            Contract contract = Contract.of(new String(document.readAllBytes(), StandardCharsets.UTF_8));
            contract.accepts("Connection", new String(peer.readUntilFin(), StandardCharsets.UTF_8));
        }
    }
}
