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
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The chart under test, rendered and linted by Helm itself. */
final class Chart {
    static final Path DIRECTORY = Path.of("deploy/helm/tcp-echo");

    /** New enough for everything that the chart makes depend on the version. */
    static final String KUBERNETES = "1.33.0";

    static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();

    /** Of this process: tests run in two. */
    private static final Path WORK =
            Path.of("target/chart-tests", Long.toString(ProcessHandle.current().pid()));

    private static final String TEST_PODS = "templates/tests/check.yaml";

    /** With the helm test pods, which {@code helm template} of the library leaves out as hooks. */
    private static final Path WITH_TEST_PODS =
            edited("with-test-pods", TEST_PODS, text -> text.replaceAll("(?m)^ +helm.sh/hook.*\n", ""));

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

    /** All objects, the helm test pods included. */
    static String render(Path values, String kubernetes) throws IOException {
        return template(WITH_TEST_PODS, "echo", "net", values, kubernetes);
    }

    /** As {@code helm install} sends it: without the helm test pods, under a release name of one's own. */
    static String render(String release, String values) throws IOException {
        return template(DIRECTORY, release, "net", write(values), KUBERNETES);
    }

    static String template(Path chart, String release, String namespace, Path values, String kubernetes) {
        String rendered = new Helm(chart)
                .template()
                .withName(release)
                .withNamespace(namespace)
                .withKubeVersion(kubernetes)
                .withValuesFile(values.toAbsolutePath())
                .call();
        return rendered == null ? "" : rendered; // where nothing is rendered
    }

    static Manifests manifests(Path values, String kubernetes) throws IOException {
        return Manifests.parse(render(values, kubernetes));
    }

    /** With values as they would stand in a file. */
    static Manifests manifests(String values, String kubernetes) throws IOException {
        return manifests(write(values), kubernetes);
    }

    /** All objects of a release of another name, in another namespace. */
    static Manifests manifests(String release, String namespace, String values) throws IOException {
        return Manifests.parse(template(WITH_TEST_PODS, release, namespace, write(values), KUBERNETES));
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
        JsonNode merged = merge(readYaml("values.yaml"), YAML.readTree(values.toFile()));
        String text = YAML.writeValueAsString(merged);
        return new Helm(edited("linted", "values.yaml", before -> text))
                .lint()
                .strict()
                .call();
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

    /** As Helm does: null takes a key away where the base has it, and stays where it has not. */
    private static JsonNode merge(JsonNode base, JsonNode over) {
        if (!(base instanceof ObjectNode merged) || !(over instanceof ObjectNode changes)) {
            return over;
        }
        changes.properties().forEach(change -> {
            String key = change.getKey();
            if (!merged.has(key)) {
                merged.set(key, change.getValue());
            } else if (change.getValue().isNull()) {
                merged.remove(key);
            } else {
                merged.set(key, merge(merged.get(key), change.getValue()));
            }
        });
        return merged;
    }

    /** A copy of the chart with one file changed. */
    static Path edited(String name, String file, UnaryOperator<String> edit) {
        try {
            Path copy = copyTo(WORK.resolve(name));
            Files.writeString(copy.resolve(file), edit.apply(Files.readString(copy.resolve(file))));
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path copyTo(Path copy) throws IOException {
        if (Files.exists(copy)) {
            try (Stream<Path> old = Files.walk(copy)) {
                old.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
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
