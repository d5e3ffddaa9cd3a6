package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Ss;
import dev.tcpecho.testing.Transports;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mode report: what comes, on the wire, and whether it is true. */
class ReportTest {
    private static RunningEcho start(Transports transport, String... more) {
        String[] properties = new String[more.length + 1];
        properties[0] = "echo.mode=report";
        System.arraycopy(more, 0, properties, 1, more.length);
        return RunningEcho.start(transport, properties);
    }

    private static JsonObject read(Peer peer) {
        return new JsonObject(new String(peer.readUntilFin(), StandardCharsets.UTF_8));
    }

    private static JsonObject option(JsonObject report, String name) {
        JsonArray options = report.getJsonArray("options");
        return options.stream()
                .map(JsonObject.class::cast)
                .filter(option -> option.getString("option").equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void speaksFirstOfThisVeryConnectionAndFinishes(Transports transport) {
        try (RunningEcho echo = start(transport, "echo.socket.receive-buffer-size=64K");
                Peer peer = echo.connect()) {
            JsonObject report = read(peer);
            assertThat(report.fieldNames())
                    .startsWith("summary", "service", "listener", "shard", "eventLoop", "generation", "local", "remote")
                    .contains("proxy", "tls", "syn", "options", "tcpInfo", "limitedBy", "acceptQueue");
            assertThat(report.getString("remote"))
                    .isEqualTo("127.0.0.1:" + peer.socket().getLocalPort());
            assertThat(report.getString("local"))
                    .isEqualTo("127.0.0.1:" + echo.address().getPort());
            assertThat(report.getString("summary"))
                    .startsWith(report.getString("remote") + " reached listener default");
            assertThat(report.getInteger("generation")).isEqualTo(echo.service().generation());
            assertThat(echo.listener().connectionsByLoop()).containsKey(report.getString("eventLoop"));
            assertThat(report.getJsonObject("service").getString("name")).isEqualTo("tcp-echo");
            assertThat(option(report, "SO_RCVBUF").getString("status")).isEqualTo("honoured");
            assertThat(option(report, "SO_RCVBUF").getInteger("requested")).isEqualTo(65536);
            assertThat(report.getJsonObject("acceptQueue").getLong("max")).isEqualTo(100);
            peer.fin();
            echo.expectClosed(CloseReason.COMPLETE, 1);
        }
    }

    @Test
    void figuresAreThoseThatSsHasOfTheSameSocket() {
        try (RunningEcho echo = start(Transports.EPOLL);
                Peer peer = echo.connect()) {
            JsonObject report = read(peer);
            Ss ss = Ss.accepted(echo.address(), peer.socket().getLocalPort());
            JsonObject info = report.getJsonObject("tcpInfo");
            assertThat(info.getString("state")).isEqualTo("ESTABLISHED");
            assertThat(info.getLong("receiveMss")).isEqualTo(ss.number("rcvmss:(\\d+)"));
            assertThat(report.getLong("receiveBuffer")).isEqualTo(ss.rb());
        }
    }

    @Test
    void theSynIsThereWhereItIsKept() {
        try (RunningEcho echo = start(Transports.EPOLL, "echo.socket.tcp-save-syn=true");
                Peer peer = echo.connect()) {
            JsonObject syn = read(peer).getJsonObject("syn");
            assertThat(syn.getBoolean("kept")).isTrue();
            assertThat(syn.getInteger("hops")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoSendsFirstIsAnsweredAllTheSame(Transports transport) {
        try (RunningEcho echo = start(transport);
                Peer peer = echo.connect()) {
            byte[] much = new byte[300_000];
            peer.send(much);
            assertThat(read(peer).getString("listener")).isEqualTo("default");
            peer.fin();
            echo.expectClosed(CloseReason.COMPLETE, 1);
            assertThat(echo.traffic().bytesDiscarded()).isEqualTo(much.length);
            assertThat(echo.traffic().bytesReceived()).isEqualTo(much.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoFinishesFirstIsAnsweredAllTheSame(Transports transport) {
        try (RunningEcho echo = start(transport);
                Peer peer = echo.connect().fin()) {
            assertThat(read(peer).getString("listener")).isEqualTo("default");
            echo.expectClosed(CloseReason.COMPLETE, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoNeverEndsIsEndedAfterTheLingerTime(Transports transport) {
        try (RunningEcho echo = start(transport, "echo.linger-timeout=200MS");
                Peer peer = echo.connect()) {
            assertThat(read(peer).getString("listener")).isEqualTo("default");
            echo.expectClosed(CloseReason.LINGER_TIMEOUT, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoVanishesBeforeTheAnswerHarmsNobody(Transports transport) {
        try (RunningEcho echo = start(transport)) {
            for (int i = 0; i < 20; i++) {
                echo.connect().reset();
            }
            try (Peer peer = echo.connect()) {
                assertThat(read(peer).getString("listener")).isEqualTo("default");
            }
            await().until(() -> echo.traffic().active() == 0);
            assertThat(echo.closedByReason()).doesNotContainKey(CloseReason.ERROR);
        }
    }

    @ParameterizedTest
    @EnumSource
    void behindAProxyItNamesTheClientThatTheHeaderNames(Transports transport) {
        try (RunningEcho echo = start(transport, "echo.proxy-protocol=required", "echo.trusted-proxies=127.0.0.0/8");
                Peer peer = echo.connect().send("PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\r\n")) {
            JsonObject report = read(peer);
            JsonObject proxy = report.getJsonObject("proxy");
            assertThat(proxy.getInteger("version")).isEqualTo(1);
            assertThat(proxy.getString("source")).isEqualTo("192.0.2.7:4711");
            assertThat(proxy.getString("destination")).isEqualTo("198.51.100.1:443");
            assertThat(report.getString("remote"))
                    .isEqualTo("127.0.0.1:" + peer.socket().getLocalPort());
        }
    }

    @Test
    void namesOfPodAndNodeComeFromTheEnvironmentOrAreNull() {
        ServiceIdentity pod =
                ServiceIdentity.of(Map.of("POD_NAME", "echo-0", "POD_NAMESPACE", "prod", "NODE_NAME", "n1"));
        assertThat(pod.json().getString("pod")).isEqualTo("echo-0");
        assertThat(pod.json().getString("namespace")).isEqualTo("prod");
        assertThat(pod.json().getString("node")).isEqualTo("n1");
        assertThat(pod.who()).isEqualTo("pod echo-0");
        JsonObject bare = ServiceIdentity.of(Map.of("POD_NAME", " ")).json();
        assertThat(bare.fieldNames()).containsExactly("name", "version", "hostName", "pod", "namespace", "node");
        assertThat(bare.getValue("pod")).isNull();
        assertThat(bare.getString("hostName")).isNotBlank();
    }
}
