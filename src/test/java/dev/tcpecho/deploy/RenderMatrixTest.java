package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RenderMatrixTest {
    private static final List<String> KUBERNETES_VERSIONS = List.of("1.25.0", "1.29.4", "1.33.0", "1.34.1-gke.100");

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
        assertThat(manifests.objects())
                .extracting(HasMetadata::getMetadata)
                .allSatisfy(metadata -> assertThat(metadata.getNamespace()).isEqualTo("net"));
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
