package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.SidePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One pod of the chart's Deployment, played by podman. Podman would run the probes with a curl inside the image and
 * publish the ports on the host, so they are taken out of the manifest; the probes are polled from here, as a kubelet
 * does.
 */
final class PlayedPod {
    private static final List<String> PROBES = List.of("startupProbe", "readinessProbe", "livenessProbe");
    private static final int ECHO_PORT = 8888;

    private final Podman podman;
    private final String container;
    private final String address;
    private final JsonNode podSpec;
    private final Map<String, String> probePaths;
    private final SidePort sidePort;

    private PlayedPod(Podman podman, String container, String address, JsonNode podSpec, Map<String, String> probes) {
        this.podman = podman;
        this.container = container;
        this.address = address;
        this.sidePort = new SidePort(new InetSocketAddress(address, 8080), Duration.ofSeconds(3));
        this.podSpec = podSpec;
        this.probePaths = probes;
    }

    static PlayedPod play(Podman podman, Path folder, String release, int number, String values) throws IOException {
        StringBuilder played = new StringBuilder();
        JsonNode podSpec = null;
        Map<String, String> probes = Map.of();
        String name = null;
        try (MappingIterator<JsonNode> documents =
                Chart.YAML.readerFor(JsonNode.class).readValues(Chart.render(release, values))) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                String kind = document.path("kind").asText();
                if (kind.equals("Deployment")) {
                    name = document.at("/metadata/name").asText();
                    podSpec = document.at("/spec/template/spec");
                    ObjectNode container = (ObjectNode) podSpec.at("/containers/0");
                    probes = PROBES.stream().collect(Collectors.toMap(probe -> probe, probe -> container
                            .at("/" + probe + "/httpGet/path")
                            .asText()));
                    container.remove(PROBES);
                    container.remove("ports");
                    container.path("env").forEach(env -> saidPlainly((ObjectNode) env));
                }
                if (Set.of("Deployment", "ConfigMap").contains(kind)) {
                    played.append("---\n").append(Chart.YAML.writeValueAsString(document));
                }
            }
        }
        Path manifests = Files.writeString(folder.resolve(release + ".yaml"), played);
        return new PlayedPod(podman, podman.play(manifests, name, number), podman.address(number), podSpec, probes);
    }

    /** Podman has neither nodes nor namespaces of pods: the name of the field stands for its value. */
    private static void saidPlainly(ObjectNode env) {
        String field = env.at("/valueFrom/fieldRef/fieldPath").asText();
        if (!field.isEmpty()) {
            env.remove("valueFrom");
            env.put("value", field);
        }
    }

    PlayedPod awaitReady() {
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> probe(probe) == 200 || !running());
            assertThat(running()).as(this::logs).isTrue();
        }
        return this;
    }

    /** The HTTP status of a probe; 0 when it does not answer. */
    int probe(String name) {
        return sidePort.status(probePaths.get(name));
    }

    String get(String path) {
        HttpResponse<String> response = sidePort.get(path);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return response.body();
    }

    String address() {
        return address;
    }

    InetSocketAddress echo() {
        return new InetSocketAddress(address, ECHO_PORT);
    }

    Peer connect() {
        return Peer.connect(echo());
    }

    JsonNode podSpec() {
        return podSpec;
    }

    /** Stopped as the kubelet does, with the chart's grace period. @return the exit code */
    int stop() {
        return podman.stop(
                container, podSpec.get("terminationGracePeriodSeconds").asLong());
    }

    boolean running() {
        return podman.inspect(container, "{{.State.Running}} {{.State.OOMKilled}}")
                .equals("true false");
    }

    String logs() {
        return podman.logs(container);
    }

    /** Of the first process, from the host's view. */
    String proc(String file) throws IOException {
        return Files.readString(Path.of("/proc", podman.inspect(container, "{{.State.Pid}}"), file));
    }

    /** The container's memory in bytes, in either version of cgroups. */
    ContainerMemory memory() throws IOException {
        Map<String, String> groups = proc("cgroup")
                .lines()
                .map(line -> line.split(":", 3))
                .collect(Collectors.toMap(parts -> parts[1], parts -> parts[2]));
        return groups.containsKey("memory")
                ? ContainerMemory.read(
                        Path.of("/sys/fs/cgroup/memory" + groups.get("memory")),
                        "memory.limit_in_bytes",
                        "memory.usage_in_bytes",
                        "memory.max_usage_in_bytes")
                : ContainerMemory.read(
                        Path.of("/sys/fs/cgroup" + groups.get("")), "memory.max", "memory.current", "memory.peak");
    }

    record ContainerMemory(long limit, long now, long peak) {
        private static ContainerMemory read(Path group, String limit, String now, String peak) throws IOException {
            return new ContainerMemory(
                    number(group.resolve(limit)), number(group.resolve(now)), number(group.resolve(peak)));
        }

        private static long number(Path file) throws IOException {
            return Long.parseLong(Files.readString(file).strip());
        }

        @Override
        public String toString() {
            return "%d MiB, at most %d of %d".formatted(now >> 20, peak >> 20, limit >> 20);
        }
    }
}
