package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The alerts and the dashboard name metrics that exist, and the alerts fire when they should. */
class MonitoringTest {
    private static final Path ALERTS = Chart.DIRECTORY.resolve("files/alerts.yaml");
    private static final Path ALERTS_TEST = Path.of("src/test/resources/prometheus/alerts-test.yaml");

    /** Labels that a scrape adds. */
    private static final Set<String> TARGET_LABELS =
            Set.of("job", "instance", "namespace", "pod", "app_kubernetes_io_name", "app_kubernetes_io_instance");

    private static List<JsonNode> alerts() throws IOException {
        return stream(Chart.readYaml("files/alerts.yaml").get("groups"))
                .flatMap(group -> stream(group.get("rules")))
                .toList();
    }

    private static List<JsonNode> panels() {
        return stream(Chart.readYaml("files/dashboard.json").get("panels")).toList();
    }

    static Stream<String> queries() throws IOException {
        return Stream.concat(
                alerts().stream().map(alert -> alert.get("expr").asText()),
                panels().stream()
                        .flatMap(panel -> stream(panel.path("targets")))
                        .map(target -> target.get("expr").asText()));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void namesOnlyListedMetricsAndTheirLabels(String query) throws IOException {
        Map<String, Set<String>> listed = ExpectedMetrics.labelsByName();
        PromQl promQl = PromQl.parse(query);
        Set<String> ours = new TreeSet<>(promQl.metrics());
        ours.remove("up"); // Prometheus' own
        assertThat(ours).isNotEmpty().isSubsetOf(listed.keySet());
        Set<String> labels = ours.stream()
                .flatMap(metric -> listed.get(metric).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        labels.addAll(TARGET_LABELS);
        assertThat(promQl.labels()).isSubsetOf(labels);
    }

    @Test
    void usesEveryListedMetric() throws IOException {
        assertThat(queries().flatMap(query -> PromQl.parse(query).metrics().stream()))
                .containsAll(ExpectedMetrics.labelsByName().keySet());
    }

    @Test
    void drawsOnePanelPerPlace() {
        assertThat(panels()).extracting(panel -> panel.get("id").asInt()).doesNotHaveDuplicates();
        assertThat(panels())
                .extracting(panel -> panel.at("/gridPos/x").asInt() + ","
                        + panel.at("/gridPos/y").asInt())
                .doesNotHaveDuplicates();
        assertThat(panels())
                .allSatisfy(panel -> assertThat(panel.get("title").asText()).isNotBlank());
    }

    @Test
    void saysOfEveryAlertHowBadItIsAndWhatToDo() throws IOException {
        assertThat(alerts()).allSatisfy(alert -> {
            assertThat(alert.at("/labels/severity").asText()).isIn("info", "warning", "critical");
            assertThat(alert.at("/annotations/summary").asText()).isNotBlank();
            assertThat(alert.at("/annotations/description").asText()).isNotBlank();
        });
    }

    @Test
    void testsThatEveryAlertFires() throws IOException {
        Set<String> fired = stream(Chart.YAML.readTree(ALERTS_TEST.toFile()).get("tests"))
                .flatMap(test -> stream(test.get("alert_rule_test")))
                .filter(expectation -> !expectation.path("exp_alerts").isEmpty())
                .map(expectation -> expectation.get("alertname").asText())
                .collect(Collectors.toSet());
        assertThat(alerts())
                .extracting(alert -> alert.get("alert").asText())
                .containsExactlyInAnyOrderElementsOf(fired);
    }

    @Test
    void passesPromtool() throws IOException, InterruptedException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "promtool"))),
                "promtool is not on the PATH (Debian: apt-get install prometheus), so the alerts are not evaluated");
        promtool("check", "rules", ALERTS.toString());
        promtool("test", "rules", ALERTS_TEST.toString());
    }

    private static void promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    @Test
    void shipsTheRulesUnchanged() throws IOException {
        Manifests manifests = Chart.manifests(Chart.valuesFile("monitoring"), Chart.KUBERNETES);
        assertThat(manifests
                        .only(io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule.class)
                        .getSpec()
                        .getGroups())
                .flatExtracting(group -> group.getRules())
                .extracting(rule -> rule.getAlert())
                .containsExactlyElementsOf(alerts().stream()
                        .map(alert -> alert.get("alert").asText())
                        .toList());
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return Stream.of(array).flatMap(node -> {
            Stream.Builder<JsonNode> elements = Stream.builder();
            node.forEach(elements);
            return elements.build();
        });
    }
}
