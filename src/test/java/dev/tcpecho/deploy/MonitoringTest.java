package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tcpecho.testing.Program;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
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
    void passesPromtool() {
        assumePromtool();
        promtool("check", "rules", ALERTS.toString());
        promtool("test", "rules", ALERTS_TEST.toString());
    }

    private static void assumePromtool() {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "promtool"))),
                "promtool is not on the PATH (Debian: apt-get install prometheus), so the alerts are not evaluated");
    }

    private static void promtool(String... arguments) {
        Program.output(
                Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toArray(String[]::new));
    }

    @Test
    void shipsTheRulesUnchanged() throws IOException {
        Manifests manifests = Chart.manifests(Chart.valuesFile("monitoring"), Chart.KUBERNETES);
        assertThat(manifests.only(PrometheusRule.class).getSpec().getGroups())
                .flatExtracting(group -> group.getRules())
                .extracting(rule -> rule.getAlert())
                .containsExactlyElementsOf(alerts().stream()
                        .map(alert -> alert.get("alert").asText())
                        .toList());
    }

    @Test
    void selectsInEveryAlertTheReleaseThatItBelongsTo() throws IOException {
        Pattern unselected = Pattern.compile("\\b(up|(?:echo|process)_[a-z_]+)\\b"
                + "(?!\\{namespace=\"net\",app_kubernetes_io_name=\"tcp-echo\",app_kubernetes_io_instance=\"one\")");
        for (JsonNode rule : rules("one")) {
            assertThat(unselected.matcher(rule.get("expr").asText()).results())
                    .as("%s", rule)
                    .isEmpty();
        }
    }

    @Test
    void givesAnAlertTheSeverityThatTheOperatorChose() throws IOException {
        assertThat(rules("one"))
                .extracting(rule -> rule.get("alert").asText() + " "
                        + rule.at("/labels/severity").asText())
                .contains("EchoNotReady page", "EchoWriteStalls info", "EchoListenOverflows warning");
    }

    /** Two releases side by side, one of them in trouble: its alert fires, once. */
    @Test
    void firesForTheReleaseInTroubleOnly() throws IOException, InterruptedException {
        assumePromtool();
        Path folder = Files.createDirectories(Path.of("target/chart-tests/rules"));
        for (String release : List.of("one", "two")) {
            ObjectNode groups = Chart.YAML.createObjectNode();
            groups.putArray("groups")
                    .addObject()
                    .put("name", release)
                    .set("rules", Chart.YAML.valueToTree(rules(release)));
            Chart.YAML.writeValue(folder.resolve(release + ".yaml").toFile(), groups);
        }
        String labels = "namespace=\"net\",app_kubernetes_io_name=\"tcp-echo\",app_kubernetes_io_instance=";
        Path test = Files.writeString(folder.resolve("test.yaml"), """
                rule_files: [one.yaml, two.yaml]
                evaluation_interval: 1m
                tests:
                  - interval: 1m
                    input_series:
                      - series: 'echo_accept_errors_total{listener="default",%1$s"one"}'
                        values: 0 0 1 1
                      - series: 'echo_accept_errors_total{listener="default",%1$s"two"}'
                        values: 0 0 0 0
                      - series: 'echo_state{state="serving",%1$s"one"}'
                        values: 1x20
                    alert_rule_test:
                      - eval_time: 2m
                        alertname: EchoAcceptErrors
                        exp_alerts:
                          - exp_labels:
                              severity: page
                              listener: default
                              namespace: net
                              app_kubernetes_io_name: tcp-echo
                              app_kubernetes_io_instance: one
                      - eval_time: 11m
                        alertname: EchoAbsent
                        exp_alerts:
                          - exp_labels:
                              severity: page
                              namespace: net
                              app_kubernetes_io_name: tcp-echo
                              app_kubernetes_io_instance: two
                """.formatted(labels));
        promtool("check", "rules", folder.resolve("one.yaml").toString());
        promtool("test", "rules", test.toString());
    }

    private static List<JsonNode> rules(String release) throws IOException {
        JsonNode groups = Chart.YAML
                .valueToTree(Manifests.parse(release(release))
                        .only(PrometheusRule.class)
                        .getSpec())
                .get("groups");
        List<JsonNode> rules =
                stream(groups).flatMap(group -> stream(group.get("rules"))).toList();
        // Their words are tested with the file.
        rules.forEach(rule -> ((ObjectNode) rule).remove("annotations"));
        return rules;
    }

    private static String release(String name) {
        return Chart.template(Chart.DIRECTORY, name, "net", Chart.valuesFile("two-releases"), Chart.KUBERNETES);
    }

    @Test
    void givesEveryReleaseADashboardOfItsOwn() throws IOException {
        List<ConfigMap> dashboards = new ArrayList<>();
        for (String release : List.of("one", "two")) {
            Manifests.parse(release(release)).all(ConfigMap.class).stream()
                    .filter(map -> map.getMetadata().getName().endsWith("-dashboard"))
                    .forEach(dashboards::add);
        }
        assertThat(dashboards)
                .hasSize(2)
                .extracting(map -> map.getData().keySet().iterator().next())
                .containsExactly("net-one-tcp-echo.json", "net-two-tcp-echo.json");
        List<JsonNode> contents = new ArrayList<>();
        for (ConfigMap map : dashboards) {
            contents.add(new ObjectMapper()
                    .readTree(map.getData().values().iterator().next()));
        }
        assertThat(contents)
                .extracting(dashboard -> dashboard.get("uid").asText())
                .doesNotHaveDuplicates();
        assertThat(contents).allSatisfy(dashboard -> {
            assertThat(dashboard.get("uid").asText()).hasSizeLessThanOrEqualTo(40);
            assertThat(stream(dashboard.at("/templating/list")))
                    .extracting(variable -> variable.get("name").asText())
                    .containsExactly("datasource", "namespace", "release", "pod");
        });
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return Stream.of(array).flatMap(node -> {
            Stream.Builder<JsonNode> elements = Stream.builder();
            node.forEach(elements);
            return elements.build();
        });
    }
}
