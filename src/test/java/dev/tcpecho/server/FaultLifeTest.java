package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.LogLines;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Ss;
import dev.tcpecho.testing.TlsBuckets;
import dev.tcpecho.testing.Transports;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A faulty listener among the rest of the service: what stands in front, the log, the reports, the end. */
class FaultLifeTest {
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void beginsBehindTheProxyHeaderAndCountsWithoutIt(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(
                        transport,
                        "echo.mode=stream",
                        "echo.proxy-protocol=required",
                        "echo.trusted-proxies=127.0.0.0/8",
                        "echo.fault.close-after=3",
                        "echo.fault.delay=50MS");
                Peer peer = echo.connect()) {
            peer.send("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nhello")
                    .expect("hel")
                    .expectFin();
            peer.fin();
            echo.expectClosed(CloseReason.FAULT, 1).expectEchoed(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void beginsBehindTlsAndFinishesWithCloseNotify(Transports transport) throws IOException {
        Path keys = TlsBuckets.selfSigned(directory, "server");
        TlsBuckets buckets = new TlsBuckets().with("echo", keys, null, HANDSHAKE, "TLSv1.3");
        try (RunningEcho echo = RunningEcho.start(
                transport,
                buckets,
                "echo.mode=stream",
                "echo.tls-configuration-name=echo",
                "echo.fault.close-after=1000",
                "echo.fault.chunk=1..70")) {
            try (SSLSocket client = (SSLSocket) TlsBuckets.context(null, keys)
                    .getSocketFactory()
                    .createSocket("127.0.0.1", echo.address().getPort())) {
                client.setSoTimeout(20_000);
                client.getOutputStream().write("0123456789".repeat(200).getBytes(StandardCharsets.US_ASCII));
                assertThat(client.getInputStream().readAllBytes())
                        .asString(StandardCharsets.US_ASCII)
                        .isEqualTo("0123456789".repeat(100));
            }
            echo.expectClosed(CloseReason.FAULT, 1).expectEchoed(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo.fault.hold-open=true", "echo.fault.delay=1H", "echo.fault.read=never"})
    void aPeerThatResetsAfterItsFinIsNoticed(String fault) {
        try (RunningEcho echo = RunningEcho.start(
                        Transports.EPOLL,
                        "echo.mode=stream",
                        fault,
                        "echo.idle-timeout=2H",
                        "echo.write-stall-timeout=2H");
                Peer peer = echo.connect()) {
            peer.send(new byte[30_000]).fin();
            await().until(() ->
                    Ss.accepted(echo.address(), peer.socket().getLocalPort()).shows("CLOSE-WAIT"));
            peer.reset();
            echo.expectClosed(CloseReason.PEER_RESET, 1);
        }
    }

    @Test
    void aPeerThatResetsWhileAPieceCannotBeSentIsNoticed() {
        try (RunningEcho echo = RunningEcho.start(
                        Transports.EPOLL, "echo.mode=stream", "echo.fault.chunk=1..70", "echo.write-stall-timeout=2H");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            peer.send(new byte[60_000]);
            await().until(() ->
                    Ss.accepted(echo.address(), peer.socket().getLocalPort()).shows("notsent:"));
            peer.reset();
            echo.expectClosed(CloseReason.PEER_RESET, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDrainLetsALateReplyComeAndEndsTheRestInTime(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(
                        transport,
                        "echo.mode=stream",
                        "echo.drain-timeout=4S",
                        "echo.fault.delay=2S",
                        "echo.listeners.held.port=0",
                        "echo.listeners.held.mode=stream",
                        "echo.listeners.held.max-connections=10",
                        "echo.listeners.held.fault.hold-open=true",
                        "echo.listeners.deaf.port=0",
                        "echo.listeners.deaf.mode=stream",
                        "echo.listeners.deaf.max-connections=10",
                        "echo.listeners.deaf.fault.read=never",
                        "echo.listeners.full.port=0",
                        "echo.listeners.full.max-connections=10",
                        "echo.listeners.full.fault.accept=never",
                        "echo.max-connections=100");
                Peer late = echo.connect()) {
            List<Peer> others = new ArrayList<>(); // kept: the collector closes sockets that nobody holds
            for (Listener other : echo.service().listeners()) {
                if (other.name().matches("held|deaf")) {
                    others.add(Peer.connect(other.sockets().get(0).address())
                            .send("x")
                            .fin());
                }
            }
            await().until(() -> echo.service().listeners().stream()
                            .mapToLong(each -> each.traffic().opened())
                            .sum()
                    == 3);
            late.send("late").fin(); // only now: the drain has to begin while the reply is held back
            await().until(() -> echo.traffic().bytesReceived() == 4);
            echo.service().drain().orTimeout(20, TimeUnit.SECONDS).join();
            late.expect("late").expectFin();
            assertThat(echo.service().drained().finished()).isEqualTo(1);
            assertThat(echo.service().drained().forced()).isEqualTo(2);
            others.forEach(Peer::close);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFaultIsToldWhereTheListenerIs(Transports transport) {
        try (LogLines log = LogLines.at(EchoServer.class.getName());
                RunningEcho echo = RunningEcho.start(
                        transport, "echo.mode=report", "echo.fault.delay=20MS", "echo.fault.seed=7")) {
            assertThat(log.lines()).anyMatch(line -> line.contains(") (fault delay=20MS), transport"));
            try (Peer peer = echo.connect()) {
                JsonObject report = new JsonObject(new String(peer.readUntilFin(), StandardCharsets.UTF_8));
                assertThat(report.getJsonObject("fault"))
                        .isEqualTo(new JsonObject()
                                .put("connection", 1)
                                .put("happens", true)
                                .put("sentence", "answers 20 ms late"));
                if (transport == Transports.EPOLL) { // elsewhere the kernel does not tell
                    assertThat(report.getJsonObject("limitedBy").getString("by"))
                            .isEqualTo("us");
                    assertThat(report.getJsonObject("limitedBy").getString("note"))
                            .contains("delay=20MS", "echo.fault.*");
                }
            }
            ListenerFault fault = echo.listener().fault();
            assertThat(fault.seed()).isEqualTo(7);
            assertThat(fault.words()).containsExactly("delay=20MS");
            assertThat(fault.faulty()).isEqualTo(1);
        }
    }
}
