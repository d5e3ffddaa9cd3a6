package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values over values: a later file's null, an upgrade, a chart that has this one as a part. */
class OverlayTest {
    private static final Path RELEASED = Path.of("src/test/resources/chart/released/values-0.1.0.yaml");

    private static Path newer() {
        return Chart.edited("newer", "Chart.yaml", text -> text.replace("appVersion: \"0.1.0\"", "appVersion: 0.2.0"));
    }

    @Test
    void leavesOutTheListenerAndTheKeysThatANullTakesAway() throws IOException {
        Manifests manifests = Chart.manifests("""
                listeners: {bulk: null, stream: {port: 8889, idleTimeout: null, socket: null}}
                labels: {team: null}
                nodeSelector: {disk: null}
                podAnnotations: {a: null}
                sysctls: {values: {net.ipv4.tcp_rmem: null}}
                service: {annotations: {b: null}}
                resources: {limits: {cpu: null}}
                securityContext: {runAsUser: null}
                """, Chart.KUBERNETES);
        assertThat(manifests.echoService().getSpec().getPorts())
                .extracting(ServicePort::getName)
                .containsExactly("default", "stream");
        assertThat(manifests.configuration()).noneMatch(line -> line.contains("bulk") || line.contains("null"));
        assertThat(manifests.podSpec().getNodeSelector()).isEmpty();
        assertThat(manifests.podSpec().getSecurityContext().getSysctls()).isEmpty();
        assertThat(manifests.podSpec().getContainers().get(0).getResources().getLimits())
                .doesNotContainKey("cpu");
    }

    @Test
    void runsItsOwnImageAfterAnUpgradeThatKeepsTheUsersValuesOnly() throws IOException {
        for (Path values : Chart.valuesFiles()) {
            JsonNode image = Chart.YAML.readTree(values.toFile()).path("image");
            if (image.path("tag").isMissingNode() && image.path("digest").isMissingNode()) {
                assertThat(Manifests.parse(Chart.template(newer(), "echo", "net", values, Chart.KUBERNETES))
                                .podSpec()
                                .getContainers()
                                .get(0)
                                .getImage())
                        .as("%s", values)
                        .endsWith(":0.2.0");
            }
        }
    }

    /** With --reuse-values Helm puts the last release's defaults in the place of the new chart's. */
    @Test
    void refusesAnUpgradeThatKeepsTheLastReleasesDefaults() throws IOException {
        String released = Files.readString(RELEASED);
        Path reused = Chart.edited("reused", "values.yaml", text -> released);
        Path none = Chart.write("{}");
        assertThatThrownBy(() -> Chart.template(reused, "echo", "net", none, Chart.KUBERNETES))
                .hasMessageContaining("its image.tag among them")
                .hasMessageContaining("use --reset-then-reuse-values");
    }

    @Test
    void takesACopyOfTheLastReleasesValues() throws IOException {
        Manifests manifests = Manifests.parse(Chart.template(newer(), "echo", "net", RELEASED, Chart.KUBERNETES));
        assertThat(manifests.podSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
    }

    @Test
    void rendersNothingWhenItIsNotEnabled() throws IOException {
        assertThat(Chart.manifests("enabled: false", Chart.KUBERNETES).objects())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "registry.mirror.example | ghcr.io/team/tcp-echo    | registry.mirror.example/team/tcp-echo:0.1.0",
                "registry.mirror.example | tcp-echo                 | registry.mirror.example/tcp-echo:0.1.0",
                "registry.mirror.example | team/tcp-echo            | registry.mirror.example/team/tcp-echo:0.1.0",
                "registry.mirror.example | localhost:5000/tcp-echo  | registry.mirror.example/tcp-echo:0.1.0",
                "mirror.example/cache    | localhost/tcp-echo       | mirror.example/cache/tcp-echo:0.1.0",
                "''                      | ghcr.io/team/tcp-echo    | ghcr.io/team/tcp-echo:0.1.0",
            })
    void takesTheRegistryOfAParent(String registry, String repository, String image) throws IOException {
        assertThat(Chart.manifests(
                                "{global: {imageRegistry: " + registry + "}, image: {repository: '" + repository
                                        + "'}}",
                                Chart.KUBERNETES)
                        .podSpecs())
                .flatExtracting(pod -> pod.getContainers())
                .extracting(Container::getImage)
                .containsOnly(image);
    }

    @Test
    void isAConditionalPartOfAnotherChart() throws IOException {
        Path parent = parent("""
                global: {imageRegistry: registry.example.com, imagePullSecrets: [mirror], storageClass: fast}
                tcp-echo: {enabled: false}
                probe: {podSecurityContext: {runAsUser: null}, listeners: {bulk: null}}
                """);
        Manifests manifests =
                Manifests.parse(Chart.template(parent, "umbrella", "net", Chart.write("{}"), Chart.KUBERNETES));
        Deployment probe = manifests.deployment();
        assertThat(probe.getMetadata().getName()).isEqualTo("umbrella-probe");
        assertThat(manifests.podSpec().getSecurityContext().getRunAsUser()).isNull();
        assertThat(manifests.podSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(manifests.podSpec().getImagePullSecrets()).hasSize(1);
        assertThat(manifests.podSpec().getContainers().get(0).getImage())
                .isEqualTo("registry.example.com/tcp-echo:0.1.0");

        Manifests both = Manifests.parse(
                Chart.template(parent, "umbrella", "net", Chart.write("tcp-echo: {enabled: true}"), Chart.KUBERNETES));
        assertThat(both.all(Deployment.class))
                .extracting(deployment -> deployment.getMetadata().getName())
                .containsExactlyInAnyOrder("umbrella-probe", "umbrella-tcp-echo");
        assertThat(both.objects())
                .extracting(object -> object.getKind() + object.getMetadata().getName())
                .doesNotHaveDuplicates();
        assertThat(both.all(Deployment.class))
                .extracting(deployment -> deployment.getSpec().getSelector().getMatchLabels())
                .doesNotHaveDuplicates();
    }

    @Test
    void refusesAKeyThatItDoesNotKnowInAParentToo() throws IOException {
        Path parent = parent("tcp-echo: {lisseners: {}}");
        Path none = Chart.write("{}");
        assertThatThrownBy(() -> Chart.template(parent, "umbrella", "net", none, Chart.KUBERNETES))
                .hasMessageContaining("additional properties 'lisseners' not allowed");
    }

    /** With this chart twice: once under its own name with a condition, once as {@code probe}. */
    private static Path parent(String values) throws IOException {
        Path parent = Path.of("target/chart-tests/parent");
        Files.createDirectories(parent.resolve("charts"));
        Chart.copyTo(parent.resolve("charts/tcp-echo"));
        String version = Chart.readYaml("Chart.yaml").get("version").asText();
        Files.writeString(parent.resolve("Chart.yaml"), """
                apiVersion: v2
                name: umbrella
                version: 1.0.0
                dependencies:
                  - {name: tcp-echo, version: %1$s, repository: "", condition: tcp-echo.enabled}
                  - {name: tcp-echo, version: %1$s, repository: "", alias: probe}
                """.formatted(version));
        Files.writeString(parent.resolve("values.yaml"), values);
        return parent;
    }
}
