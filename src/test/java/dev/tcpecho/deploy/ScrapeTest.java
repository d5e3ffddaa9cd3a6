package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A real scrape has every metric that alerts and dashboard may name, with the labels that they use. */
@QuarkusTest
@TestProfile(ScrapeTest.FreePorts.class)
class ScrapeTest {
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(?<name>[a-z_]+)(?:\\{(?<labels>[^}]*)})? ");
    private static final Pattern LABEL = Pattern.compile("(?<name>[a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");

    public static final class FreePorts implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("echo.port", "0", "quarkus.http.test-port", "0");
        }
    }

    @Test
    void hasEveryListedMetricWithItsLabels() throws IOException {
        String scrape =
                RestAssured.get("/q/metrics").then().statusCode(200).extract().asString();
        Map<String, Set<String>> scraped = new TreeMap<>();
        Matcher samples = SAMPLE.matcher(scrape);
        while (samples.find()) {
            Set<String> labels = scraped.computeIfAbsent(samples.group("name"), name -> new TreeSet<>());
            if (samples.group("labels") != null) {
                LABEL.matcher(samples.group("labels")).results().forEach(label -> labels.add(label.group(1)));
            }
        }
        assertThat(scraped).containsAllEntriesOf(ExpectedMetrics.labelsByName());
    }

    @Test
    void hasEveryStateAndReasonThatAnAlertAsksFor() {
        String scrape = RestAssured.get("/q/metrics").asString();
        for (String label : List.of(
                "echo_state{state=\"starting\"}",
                "echo_state{state=\"draining\"}",
                "echo_drain_connections_total{outcome=\"forced\"}",
                "reason=\"write_stall\"",
                "reason=\"limit\"",
                "kind=\"peak\"",
                "kind=\"max\"")) {
            assertThat(scrape).contains(label);
        }
    }
}
