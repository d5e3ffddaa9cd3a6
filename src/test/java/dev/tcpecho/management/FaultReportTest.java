package dev.tcpecho.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.server.EchoServer;
import dev.tcpecho.testing.LogsAlso;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The side port knows that a fault is meant, and says so in the terms of its contract. */
class FaultReportTest {
    private static JsonObject fault(JsonObject report, String listener) {
        return report.getJsonArray("listeners").stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("name").equals(listener))
                .findFirst()
                .orElseThrow()
                .getJsonObject("fault");
    }

    @ParameterizedTest
    @EnumSource
    @LogsAlso("UnknownKeywordFactory")
    void reportTableConnectionsAndHealthSayThatItIsMeant(Transports transport) throws IOException {
        try (InputStream document = FaultReportTest.class.getResourceAsStream("/openapi.yaml");
                RunningEcho echo = RunningEcho.start(
                        transport,
                        "echo.mode=stream",
                        "echo.max-connections=100",
                        "echo.fault.delay=10MS..20MS",
                        "echo.fault.seed=9",
                        "echo.listeners.full.port=0",
                        "echo.listeners.full.max-connections=10",
                        "echo.listeners.full.socket.accept-backlog=2",
                        "echo.listeners.full.fault.accept=never",
                        "echo.listeners.good.port=0",
                        "echo.listeners.good.max-connections=10");
                Peer peer = echo.connect()) {
            peer.send("x").expect("x");
            EchoServer service = echo.service();
            Contract contract = Contract.of(new String(document.readAllBytes(), StandardCharsets.UTF_8));

            Snapshot snapshot = Snapshot.of(service, service.listeners());
            JsonObject report = new SocketReport(service, snapshot, true, true).json();
            contract.accepts("SocketReport", report.encode());
            assertThat(fault(report, "default"))
                    .isEqualTo(new JsonObject()
                            .put("sentence", "it answers 10 ms..20 ms late")
                            .put("settings", List.of("delay=10MS..20MS"))
                            .put("seed", 9)
                            .put("connections", 1)
                            .put("filledBy", null));
            assertThat(fault(report, "full").getString("filledBy"))
                    .startsWith("3 connections of the service to itself");
            assertThat(fault(report, "good")).isNull();
            assertThat(report.getString("summary"))
                    .contains("default misbehaves on purpose: it answers", "full misbehaves on purpose: it accepts no");
            assertThat(SocketTable.of(service, snapshot))
                    .contains("fault on purpose: it accepts no connection (accept=never;");

            JsonObject connections = ConnectionsReport.of(
                            service, service.listeners(), new ConnectionsQuery(null, null, 10))
                    .json();
            contract.accepts("Connections", connections.encode());
            assertThat(connections.getJsonArray("connections").getJsonObject(0).getJsonObject("fault"))
                    .isEqualTo(new JsonObject()
                            .put("connection", 1)
                            .put("happens", true)
                            .put("sentence", "answers 10 ms..20 ms late"));

            await().until(() -> new EchoHealth(service).ready().call().getStatus() == HealthCheckResponse.Status.UP);
            assertThat(new EchoHealth(service)
                            .ready()
                            .call()
                            .getData()
                            .orElseThrow()
                            .values())
                    .contains(
                            "accepting, with a fault on purpose: delay=10MS..20MS",
                            "not accepting, on purpose: fault.accept=never",
                            "accepting");
            HealthCheckResponse live = new EchoHealth(service).live().call();
            assertThat(live.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
            assertThat(live.getData().orElseThrow().values())
                    .contains("listening, with a fault on purpose", "listening");
        }
    }
}
