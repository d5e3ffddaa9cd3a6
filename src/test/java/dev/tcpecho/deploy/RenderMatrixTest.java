package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.constructor.DuplicateKeyException;

class RenderMatrixTest {
    private static final List<String> KUBERNETES_VERSIONS = List.of(
            "1.25.0",
            "1.27.0",
            "1.28.15",
            "1.29.4",
            "1.30.0",
            "1.31.2",
            "1.32.0",
            "1.33.0",
            "1.34.1-gke.100",
            "1.35.0",
            "1.36.0");

    private static final Pattern SERVICE_NAME = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern LABEL = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

    static List<Path> valuesFiles() throws IOException {
        return Chart.valuesFiles();
    }

    static Stream<Arguments> valuesFilesAndVersions() throws IOException {
        return valuesFiles().stream()
                .flatMap(file -> KUBERNETES_VERSIONS.stream().map(version -> Arguments.of(file, version)));
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void passesStrictLint(Path values) throws IOException {
        LintResult result = Chart.lint(values);
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages()).noneMatch(message -> message.startsWith("[WARN"));
    }

    @ParameterizedTest
    @MethodSource("valuesFilesAndVersions")
    void rendersObjectsWithoutUnknownFieldsOnEveryKubernetesVersion(Path values, String version) throws IOException {
        Manifests manifests = Chart.manifests(values, version);
        assertThat(manifests.objects())
                .extracting(
                        object -> object.getKind() + "/" + object.getMetadata().getName())
                .doesNotHaveDuplicates()
                .hasSizeGreaterThanOrEqualTo(4);
        assertThat(manifests.objects()).extracting(HasMetadata::getMetadata).allSatisfy(metadata -> {
            assertThat(metadata.getNamespace()).isEqualTo("net");
            assertThat(metadata.getLabels().values()).allMatch(LABEL.asMatchPredicate());
        });
        assertThat(manifests.all(Service.class))
                .extracting(service -> service.getMetadata().getName())
                .allMatch(SERVICE_NAME.asMatchPredicate());
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void rendersTheSameTwice(Path values) throws IOException {
        assertThat(Chart.render(values, Chart.KUBERNETES)).isEqualTo(Chart.render(values, Chart.KUBERNETES));
    }

    @Test
    void wouldNoticeAKeyTwice() {
        assertThatThrownBy(() -> Manifests.parse("{apiVersion: v1, kind: Service, kind: Service}"))
                .isInstanceOf(DuplicateKeyException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1234", "on", "0x10", "1e3", "null", "1.5"})
    void wouldNoticeATextWithoutQuotes(String name) {
        assertThatThrownBy(() -> assertThat(
                                Manifests.parse("{apiVersion: v1, kind: Service, metadata: {name: " + name + "}}")
                                        .only(Service.class)
                                        .getMetadata()
                                        .getName())
                        .isNotNull())
                .isNotNull();
        assertThatThrownBy(() -> assertThat(Manifests.parse(
                                        "{apiVersion: v1, kind: Service, metadata: {labels: {a: " + name + "}}}")
                                .only(Service.class)
                                .getMetadata()
                                .getLabels()
                                .get("a"))
                        .isNotNull())
                .isNotNull();
    }

    @Test
    void wouldNoticeAnUnknownField() {
        String yaml = """
                apiVersion: v1
                kind: Service
                metadata: {name: echo}
                spec: {prots: []}
                """;
        assertThatThrownBy(() -> Manifests.parse(yaml))
                .isInstanceOf(UnrecognizedPropertyException.class)
                .hasMessageContaining("prots");
    }

    @Test
    void rendersEveryTemplate() throws IOException {
        StringBuilder rendered = new StringBuilder();
        for (Path values : valuesFiles()) {
            rendered.append(Chart.render(values, Chart.KUBERNETES));
        }
        try (Stream<Path> templates = Files.walk(Chart.DIRECTORY.resolve("templates"))) {
            assertThat(templates
                            .filter(file -> file.toString().endsWith(".yaml"))
                            .map(file -> "# Source: tcp-echo/" + Chart.DIRECTORY.relativize(file)))
                    .allSatisfy(source -> assertThat(rendered).contains(source));
        }
    }

    @Test
    void changesEveryValueSomewhereInTheMatrix() throws IOException {
        List<String> untouched = new ArrayList<>(leaves("", Chart.readYaml("values.yaml")));
        untouched.remove("enabled"); // false renders nothing: SubchartTest
        for (Path file : valuesFiles()) {
            JsonNode changes = Chart.YAML.readTree(file.toFile());
            untouched.removeIf(key -> {
                String pointer = "/" + key.replace('.', '/');
                JsonNode change = changes.at(pointer);
                return !change.isMissingNode()
                        && !change.equals(Chart.readYaml("values.yaml").at(pointer));
            });
        }
        assertThat(untouched).isEmpty();
    }

    /** Keys whose values are no objects, or empty ones. None has a dot or a slash of its own. */
    private static List<String> leaves(String path, JsonNode node) {
        if (!node.isObject() || node.isEmpty()) {
            return List.of(path);
        }
        List<String> leaves = new ArrayList<>();
        node.properties()
                .forEach(child -> leaves.addAll(
                        leaves(path.isEmpty() ? child.getKey() : path + "." + child.getKey(), child.getValue())));
        return leaves;
    }
}
