package dev.tcpecho.management;

import static io.restassured.RestAssured.when;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What can be off is off. Peers are nobody's business unless the operator says so. */
@QuarkusTest
@TestProfile(ConnectionsOffTest.Profile.class)
class ConnectionsOffTest {
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.http.test-port", "0", "echo.port", "0", "echo.side-port.page.enabled", "false");
        }
    }

    @Test
    void thePageIsNotFoundEither() {
        for (String path : List.of("/", "/page/page.js", "/page/uPlot.js")) {
            when().get(path).then().statusCode(404).body("error", containsString("echo.side-port.page.enabled"));
        }
    }

    @Test
    void connectionsAreNotFoundAndTheAnswerSaysHowToSeeThem() {
        for (String path : List.of("/connections", "/connections/closed", "/connections/closed?limit=0")) {
            when().get(path).then().statusCode(404).body("error", containsString("echo.connections.enabled=true"));
        }
    }
}
