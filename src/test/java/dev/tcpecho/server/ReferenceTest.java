package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.OptionValue;
import dev.tcpecho.option.SocketOption;
import dev.tcpecho.testing.LogLines;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the asyncio server that this project started from does, asserts and logs, seen from a client like its own. */
class ReferenceTest {
    @ParameterizedTest
    @EnumSource
    void readsAtMostAHundredBytesEchoesThemAndCloses(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport);
                Peer peer = echo.connect()) {
            peer.send("x".repeat(150)).expect("x".repeat(100)).expectFin();
        }
    }

    @ParameterizedTest
    @EnumSource
    void listensWithTheDefaultsOfTheReference(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport)) {
            assertThat(echo.address().getAddress().getHostAddress()).isEqualTo("127.0.0.1");
            assertThat(effective(echo, SocketOption.BACKLOG)).isEqualTo(OptionValue.of(100));
            assertThat(effective(echo, SocketOption.SO_REUSEADDR)).isEqualTo(OptionValue.of(1));
            assertThat(effective(echo, SocketOption.SO_REUSEPORT)).isEqualTo(OptionValue.of(1));
            assertThat(effective(echo, SocketOption.O_NONBLOCK)).isEqualTo(OptionValue.of(1));
            assertThat(RunningEcho.config("echo.port=8888").port()).isEqualTo(8888);
        }
    }

    @ParameterizedTest
    @EnumSource
    void logsEachConnectionAsTheReferenceDoes(Transports transport) {
        try (LogLines log = LogLines.at("dev.tcpecho.server.connection");
                RunningEcho echo = RunningEcho.start(transport);
                Peer peer = echo.connect()) {
            int port = ((InetSocketAddress) peer.socket().getLocalSocketAddress()).getPort();
            peer.send("hello").expect("hello").expectFin();
            await().until(() -> log.lines().contains("sent: b'hello'"));
            assertThat(log.lines())
                    .contains("recv: b'hello'", "reuse_address: 1", "reuse_port: 1")
                    .anyMatch(line -> line.startsWith("connected from (127.0.0.1, " + port + ")"))
                    .anyMatch(line -> line.matches("recv_buf_size: \\d{4,}"))
                    .anyMatch(line -> line.matches("send_buf_size: \\d{4,}"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void neverLogsWhatAPeerSentAsALineOfItsOwn(Transports transport) {
        String forged = "\r\n12:00:00 ERROR [main] forged ${jndi:x} %s {}\u001b[31m\u0000é";
        try (LogLines log = LogLines.at("dev.tcpecho.server.connection");
                RunningEcho echo = RunningEcho.start(transport);
                Peer peer = echo.connect()) {
            peer.send(forged).expect(forged).expectFin();
            await().until(() -> log.lines().stream().anyMatch(line -> line.startsWith("sent: ")));
            assertThat(log.lines()).allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c <= '~'));
            assertThat(log.lines())
                    .contains("recv: b'\\r\\n12:00:00 ERROR [main] forged ${jndi:x} %s {}\\x1b[31m\\x00\\xc3\\xa9'");
        }
    }

    @ParameterizedTest
    @EnumSource
    void cutsLongInputInTheLog(Transports transport) {
        try (LogLines log = LogLines.at("dev.tcpecho.server.connection");
                RunningEcho echo = RunningEcho.start(transport, "echo.read-limit=1000");
                Peer peer = echo.connect()) {
            peer.send("y".repeat(1000)).expect("y".repeat(1000)).expectFin();
            await().until(() -> log.lines().stream().anyMatch(line -> line.startsWith("sent: ")));
            assertThat(log.lines()).contains("recv: b'" + "y".repeat(100) + "'... (900 more bytes)");
        }
    }

    private static OptionValue effective(RunningEcho echo, SocketOption option) {
        return echo.listener().sockets().get(0).options().readings().stream()
                .filter(reading -> reading.option() == option)
                .map(OptionReading::effective)
                .findFirst()
                .orElseThrow();
    }
}
