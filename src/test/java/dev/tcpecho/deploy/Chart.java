package dev.tcpecho.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** The chart under test, rendered and linted by Helm itself. */
final class Chart {
    static final Path DIRECTORY = Path.of("deploy/helm/tcp-echo");

    /** New enough for everything that the chart makes depend on the version. */
    static final String KUBERNETES = "1.33.0";

    static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();

    private static final Path WORK = Path.of("target/chart-tests");

    private Chart() {}

    /** The matrix: every way to use the chart that it is tested with. */
    static List<Path> valuesFiles() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY.resolve("ci"))) {
            return files.sorted().toList();
        }
    }

    static Path valuesFile(String name) {
        return DIRECTORY.resolve("ci").resolve(name + "-values.yaml");
    }

    /** All objects, the helm test pod included, which {@code helm template} of the library leaves out as a hook. */
    static String render(Path values, String kubernetes) throws IOException {
        Path copy = copy("without-hooks");
        Path hook = copy.resolve("templates/tests/check.yaml");
        Files.writeString(hook, Files.readString(hook).replaceAll("(?m)^ +helm.sh/hook.*\n", ""));
        return new Helm(copy)
                .template()
                .withName("echo")
                .withNamespace("net")
                .withKubeVersion(kubernetes)
                .withValuesFile(values.toAbsolutePath())
                .call();
    }

    /** As {@code helm install} sends it: without the helm test pod, under a release name of one's own. */
    static String render(String release, String values) throws IOException {
        return new Helm(DIRECTORY)
                .template()
                .withName(release)
                .withNamespace("net")
                .withKubeVersion(KUBERNETES)
                .withValuesFile(write(values).toAbsolutePath())
                .call();
    }

    static Manifests manifests(Path values, String kubernetes) throws IOException {
        return Manifests.parse(render(values, kubernetes));
    }

    /** With values as they would stand in a file. */
    static Manifests manifests(String values, String kubernetes) throws IOException {
        return manifests(write(values), kubernetes);
    }

    /** What {@code helm install} prints at its end. */
    static String notes(Path values, String kubernetes) throws IOException {
        String output = new Helm(DIRECTORY)
                .install()
                .withName("echo")
                .withNamespace("net")
                .withKubeVersion(kubernetes)
                .withValuesFile(values.toAbsolutePath())
                .clientOnly()
                .dryRun()
                .call()
                .getOutput();
        return output.substring(output.indexOf("NOTES:"));
    }

    /** The library's lint takes no values, so they are merged into a copy of the chart. */
    static LintResult lint(Path values) throws IOException {
        Path copy = copy("linted");
        JsonNode merged = merge(YAML.readTree(copy.resolve("values.yaml").toFile()), YAML.readTree(values.toFile()));
        YAML.writeValue(copy.resolve("values.yaml").toFile(), merged);
        return new Helm(copy).lint().strict().call();
    }

    static Path write(String values) throws IOException {
        Files.createDirectories(WORK);
        return Files.writeString(WORK.resolve("values.yaml"), values);
    }

    static JsonNode readYaml(String file) {
        try {
            return YAML.readTree(DIRECTORY.resolve(file).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As Helm does: null takes a key away. */
    private static JsonNode merge(JsonNode base, JsonNode over) {
        if (!(base instanceof ObjectNode merged) || !(over instanceof ObjectNode changes)) {
            return over;
        }
        changes.properties().forEach(change -> {
            String key = change.getKey();
            if (change.getValue().isNull()) {
                merged.remove(key);
            } else {
                merged.set(key, merged.has(key) ? merge(merged.get(key), change.getValue()) : change.getValue());
            }
        });
        return merged;
    }

    private static Path copy(String name) throws IOException {
        Path copy = WORK.resolve(name);
        try (Stream<Path> files = Files.walk(DIRECTORY)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(DIRECTORY.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return copy;
    }
}
