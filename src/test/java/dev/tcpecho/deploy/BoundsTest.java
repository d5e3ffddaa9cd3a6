package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.config.common.utils.StringUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart and the service draw the same line: at both ends of every number and duration, and one beyond. */
class BoundsTest {
    /** So that a bound is met for its own sake: a privileged port and a high priority have other conditions too. */
    private static final String ROOT = """
            allowUnrestricted: true
            podSecurityContext: {runAsUser: 0, runAsNonRoot: false}
            securityContext: {runAsNonRoot: false, capabilities: {add: [NET_ADMIN, NET_BIND_SERVICE]}}
            """;

    private static final JsonNode SCHEMA = Chart.readYaml("values.schema.json");
    private static final JsonNode DURATIONS = Chart.readYaml("files/durations.yaml");

    /** Numbers of a listener that Kubernetes reads, not the service. */
    private static final Set<String> KUBERNETES = Set.of("servicePort", "nodePort");

    /** Values that stand beside others of their kind in the chart, and whose key is of another group. */
    private static final Map<String, String> ELSEWHERE = Map.of("closedConnections", "echo.connections.closed");

    private enum Group {
        LISTENER("listeners: {default: {port: 8888, %s: %s}}", "echo."),
        SOCKET("listeners: {default: {port: 8888, socket: {%s: %s}}}", "echo.socket."),
        FAULT("listeners: {default: {port: 8888, fault: {%s: %s}}}", "echo.fault."),
        SIDE_PORT("sidePort: {%s: %s}", "echo.side-port."),
        SHUTDOWN("shutdown: {%s: %s}", "echo.");

        private final String values;
        private final String prefix;

        Group(String values, String prefix) {
            this.values = values;
            this.prefix = prefix;
        }
    }

    /** @param quarkus the value as the service reads it */
    private record Probe(Group group, String key, String value, String quarkus) {
        boolean chartAccepts() throws IOException {
            String values = key.equals("port")
                    ? "listeners: {default: {port: " + value + "}}"
                    : group.values.formatted(key, value);
            try {
                assertThat(ServiceVerdict.read(
                                Chart.manifests(ROOT + values, Chart.KUBERNETES).configuration()))
                        .isNotNull();
                return true;
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining(key);
                return false;
            }
        }

        boolean serviceAccepts() {
            String property = ELSEWHERE.getOrDefault(key, group.prefix + StringUtil.skewer(key));
            return ServiceVerdict.accepts(Map.of(property, quarkus));
        }

        @Override
        public String toString() {
            return group + " " + key + ": " + value;
        }
    }

    static Stream<Probe> probes() {
        List<Probe> probes = new ArrayList<>();
        numbers(probes, Group.LISTENER, SCHEMA.at("/definitions/listener/properties"));
        numbers(probes, Group.SOCKET, SCHEMA.at("/definitions/socket/properties"));
        numbers(probes, Group.FAULT, SCHEMA.at("/definitions/fault/properties"));
        numbers(probes, Group.SIDE_PORT, SCHEMA.at("/properties/sidePort/properties"));
        durations(probes, Group.LISTENER, DURATIONS.get("listener"));
        durations(probes, Group.SOCKET, DURATIONS.get("socket"));
        durations(probes, Group.SHUTDOWN, DURATIONS.get("shutdown"));
        return probes.stream();
    }

    private static void numbers(List<Probe> probes, Group group, JsonNode properties) {
        properties.properties().forEach(property -> {
            JsonNode rule = property.getValue().has("$ref")
                    ? SCHEMA.at(property.getValue().get("$ref").asText().substring(1))
                    : property.getValue();
            if (rule.has("exclusiveMinimum")) { // a share
                for (String share : List.of("0", "0.001", "1", "1.001")) {
                    probes.add(new Probe(group, property.getKey(), share, share));
                }
                return;
            }
            boolean quarkus = group == Group.SIDE_PORT && property.getKey().equals("port");
            if (isNumber(rule) && !quarkus && !KUBERNETES.contains(property.getKey())) {
                assertThat(rule.has("minimum") && rule.has("maximum"))
                        .as("%s has bounds", property.getKey())
                        .isTrue();
                long least = rule.get("minimum").asLong();
                long most = rule.get("maximum").asLong();
                for (long number : new long[] {least - 1, least, most, most + 1}) {
                    String text = Long.toString(number);
                    probes.add(new Probe(group, property.getKey(), text, text));
                }
            }
        });
    }

    private static boolean isNumber(JsonNode rule) {
        return rule.path("type").toString().matches(".*\"(integer|number)\".*");
    }

    private static void durations(List<Probe> probes, Group group, JsonNode bounds) {
        bounds.properties().forEach(bound -> {
            if (Set.of("preStopSleep", "margin").contains(bound.getKey())) {
                return; // Kubernetes' and the chart's own
            }
            long step = bound.getValue().path("whole").asBoolean() ? 1000 : 1;
            long least = millis(bound.getValue().get("least").asText());
            long most = millis(bound.getValue().get("most").asText());
            List<Long> ends = new ArrayList<>(List.of(least, most, most + step));
            if (least > 0) {
                ends.add(least - step);
            }
            if (step > 1) {
                ends.add(least + step / 2);
                ends.add(most - step / 2);
            }
            ends.forEach(end -> probes.add(new Probe(group, bound.getKey(), end + "ms", end + "ms")));
        });
    }

    private static long millis(String duration) {
        String unit = duration.replaceAll("[0-9]", "");
        long factor =
                switch (unit) {
                    case "ms" -> 1;
                    case "s" -> 1000;
                    case "m" -> 60_000;
                    default -> 3_600_000;
                };
        return Long.parseLong(duration.replace(unit, "")) * factor;
    }

    @ParameterizedTest
    @MethodSource("probes")
    void drawsTheLineWhereTheServiceDrawsIt(Probe probe) throws IOException {
        if (probe.key().equals("port") && probe.value().equals("0")) {
            assertThat(probe.serviceAccepts()).as("any free port").isTrue();
            assertThat(probe.chartAccepts())
                    .as("no Service can lead to any free port")
                    .isFalse();
            return;
        }
        assertThat(probe.chartAccepts()).as("%s", probe).isEqualTo(probe.serviceAccepts());
    }

    @Test
    void hasBoundsForEveryDurationOfTheSchema() {
        Set<String> inSchema = new TreeSet<>();
        collect("listener", SCHEMA.at("/definitions/listener/properties"), inSchema);
        collect("socket", SCHEMA.at("/definitions/socket/properties"), inSchema);
        collect("shutdown", SCHEMA.at("/properties/shutdown/properties"), inSchema);
        collect("monitoring", SCHEMA.at("/properties/monitoring/properties/serviceMonitor/properties"), inSchema);
        collect("monitoring", SCHEMA.at("/properties/monitoring/properties/podMonitor/properties"), inSchema);
        Set<String> bounded = new TreeSet<>();
        DURATIONS.properties().forEach(group -> group.getValue()
                .fieldNames()
                .forEachRemaining(key -> bounded.add(group.getKey() + "." + key)));
        assertThat(bounded).isEqualTo(inSchema);
    }

    private static void collect(String group, JsonNode properties, Set<String> into) {
        properties.properties().forEach(property -> {
            if (property.getValue().path("$ref").asText().matches(".*[dD]uration")) {
                into.add(group + "." + property.getKey());
            }
        });
    }
}
