package dev.tcpecho.manual;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manual names what the running service has: every meter with its labels, every route. */
@QuarkusTest
@TestProfile(ServedManualTest.Everything.class)
class ServedManualTest {
    private static final Pattern METER = Pattern.compile("(?<name>echo_[a-z0-9_]+)(?:\\{(?<labels>[a-z_,]*)})?");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(?<name>echo_[a-z0-9_]+)(?:\\{(?<labels>[^}]*)})? ");
    private static final Pattern LABEL = Pattern.compile("(?<name>[a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");

    private static final List<String> FRAMEWORK =
            List.of("/q/health/live", "/q/health/ready", "/q/health/started", "/q/metrics");

    /** Whatever has meters or routes only when it is on, is on. */
    public static final class Everything implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("echo.port", "0", "quarkus.http.test-port", "0", "echo.connections.enabled", "true");
        }
    }

    @Inject
    Router router;

    @Test
    void namesEveryMeterWithItsLabelsAndNoOther() {
        String scrape = RestAssured.get("/q/metrics").asString();
        Set<String> served = SAMPLE.matcher(scrape)
                .results()
                .map(sample -> meter(
                        sample.group(1).replaceFirst("_(bucket|count|sum|max)$", ""),
                        LABEL.matcher(Objects.requireNonNullElse(sample.group(2), ""))
                                .results()
                                .map(label -> label.group(1))
                                .filter(label -> !label.equals("le"))))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> written = Manual.page("metrics").rows().stream()
                .flatMap(row -> row.code(0).stream())
                .map(METER::matcher)
                .filter(Matcher::matches)
                .map(meter -> meter(
                        meter.group(1),
                        Stream.of(Objects.requireNonNullElse(meter.group(2), "").split(","))))
                .collect(Collectors.toCollection(TreeSet::new));
        written.removeIf(meter -> !served.contains(meter) && isConditional(meter));
        assertThat(Manual.differences(served, written))
                .as("src/site/markdown/metrics.md, one row for each meter, as it is served with %s", profile())
                .isEmpty();
    }

    /** Of a listener with TLS or a PROXY header: there is none here, so the code has to name it. */
    private static boolean isConditional(String meter) {
        String name = meter.replaceFirst("\\{.*", "").replaceFirst("_total$", "");
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/dev/tcpecho/management"))) {
            for (Path source : sources.toList()) {
                if (Files.readString(source).contains('"' + name.replace('_', '.') + '"')) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sorted labels: their order says nothing. */
    private static String meter(String name, Stream<String> labels) {
        return name + labels.sorted().collect(Collectors.joining(",", "{", "}")).replace("{}", "");
    }

    private static Map<String, String> profile() {
        return new Everything().getConfigOverrides();
    }

    @Test
    void namesEveryRouteAndNoOther() {
        Set<String> served = router.getRoutes().stream()
                .map(Route::getPath)
                .filter(path -> path != null && !path.startsWith("/q/"))
                .map(path -> path.replaceAll(":(\\w+)", "{$1}"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> contract = new TreeSet<>(Manual.find(
                        "(?m)^  (/.*):$",
                        List.of(RestAssured.get("/openapi.yaml").asString()))
                .map(path -> path.group(1))
                .toList());
        assertThat(contract).as("openapi.yaml").isEqualTo(served);

        for (String path : FRAMEWORK) {
            RestAssured.get(path).then().statusCode(200);
            served.add(path);
        }
        Set<String> written = Manual.readme().rows().stream()
                .flatMap(row -> row.code(0).stream())
                .filter(code -> code.startsWith("/") || code.startsWith("GET /"))
                .map(code -> code.replaceFirst("^GET ", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(Manual.differences(served, written))
                .as("the table of endpoints in README.md")
                .isEmpty();
    }
}
