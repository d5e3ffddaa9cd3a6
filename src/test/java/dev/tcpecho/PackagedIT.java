package dev.tcpecho;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.tcpecho.testing.Peer;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The packaged jar, as {@code java -jar} runs it. */
@QuarkusIntegrationTest
@TestProfile(PackagedIT.AnyPort.class)
class PackagedIT {
    public static final class AnyPort implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("echo.port", "0", "quarkus.http.test-port", "0");
        }
    }

    @Test
    void echoesWhatTheReferenceEchoes() {
        try (Peer peer = connect()) {
            peer.send("hello").expect("hello").expectFin();
        }
    }

    @Test
    void isHealthy() {
        for (String check : new String[] {"started", "ready", "live"}) {
            get("/q/health/" + check).then().statusCode(200).body("status", equalTo("UP"));
        }
    }

    @Test
    void reportsTheDefaultsOfTheReferenceAsTheKernelHasThem() {
        var report =
                get("/socket-options/default").then().statusCode(200).extract().jsonPath();
        assertThat(report.getString("state")).isEqualTo("serving");
        assertThat(report.getInt("listeners[0].sockets[0].acceptQueue.max")).isEqualTo(100);
        for (String option : new String[] {"SO_REUSEADDR", "SO_REUSEPORT", "TCP_NODELAY"}) {
            String row = "listeners[0].accepted.options.find { it.option == '" + option + "' }";
            assertThat(report.getInt(row + ".effective")).as(option).isEqualTo(1);
            assertThat(report.getString(row + ".status")).as(option).isEqualTo("honoured");
        }
    }

    @Test
    void countsOneConnectionAsOne() {
        double before = opened();
        try (Peer peer = connect()) {
            peer.send("x").expect("x").expectFin();
        }
        assertThat(opened()).isEqualTo(before + 1);
    }

    private static double opened() {
        return get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("echo_connections_opened_total{listener=\"default\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    private static Peer connect() {
        int port = get("/socket-options").jsonPath().getInt("listeners[0].sockets[0].port");
        return Peer.connect(new InetSocketAddress("127.0.0.1", port));
    }
}
