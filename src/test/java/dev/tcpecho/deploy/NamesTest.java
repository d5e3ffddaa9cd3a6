package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.gatewayapi.v1alpha2.TCPRoute;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and versions that people choose, and that YAML or Kubernetes could take for something else. */
class NamesTest {
    private static final String EVERYTHING = """
            tcpRoute: {enabled: true, parentRefs: [{name: edge}]}
            autoscaling: {enabled: true}
            monitoring:
              serviceMonitor: {enabled: true}
              prometheusRule: {enabled: true}
              dashboard: {enabled: true}
            """;

    @ParameterizedTest
    @CsvSource({
        "1234, tcp-echo-1234",
        "0x10, tcp-echo-0x10",
        "1e3, tcp-echo-1e3",
        "7echo, tcp-echo-7echo",
        "on, on-tcp-echo",
        "null, null-tcp-echo",
        "true, true-tcp-echo",
        "echo.prod, echo-prod-tcp-echo",
        "my-tcp-echo, my-tcp-echo",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-b, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    })
    void makesANameForAServiceOfEveryReleaseName(String release, String name) throws IOException {
        Manifests manifests = Chart.manifests(release, "20240101", EVERYTHING);
        assertThat(manifests.objects()).extracting(HasMetadata::getMetadata).allSatisfy(metadata -> {
            assertThat(metadata.getName()).startsWith(name);
            assertThat(metadata.getNamespace()).isEqualTo("20240101");
            assertThat(metadata.getLabels()).containsEntry("app.kubernetes.io/instance", release);
        });
        assertThat(manifests.all(Service.class))
                .extracting(service -> service.getMetadata().getName())
                .allMatch(text -> text.matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1234", "on", "0x10", "1e3", "null", "true", "1.5"})
    void keepsEveryTextAText(String text) throws IOException {
        Manifests manifests = Chart.manifests(
                EVERYTHING
                                .replace("{name: edge}", "{name: 'X', namespace: 'X', sectionName: 'X'}")
                                .replace("'X'", "'" + text + "'")
                        + """
                        image: {pullSecrets: ['X']}
                        serviceAccount: {name: 'X', annotations: {a: 'X'}}
                        priorityClassName: 'X'
                        runtimeClassName: 'X'
                        labels: {a: 'X'}
                        podLabels: {b: 'X'}
                        commonAnnotations: {a: 'X'}
                        podAnnotations: {a: 'X'}
                        service: {annotations: {a: 'X'}, loadBalancerClass: 'X', type: LoadBalancer}
                        nodeSelector: {a: 'X'}
                        tolerations: [{key: 'X', value: 'X'}]
                        topologySpread: {keys: ['X']}
                        extraEnv: [{name: A, value: 'X'}]
                        tests: {annotations: {t: 'X'}}
                        """.replace("'X'", "'" + text + "'"),
                Chart.KUBERNETES);
        for (PodSpec pod : manifests.podSpecs()) {
            assertThat(pod.getImagePullSecrets())
                    .extracting(LocalObjectReference::getName)
                    .containsExactly(text);
            assertThat(pod.getServiceAccountName()).isEqualTo(text);
            assertThat(pod.getPriorityClassName()).isEqualTo(text);
            assertThat(pod.getRuntimeClassName()).isEqualTo(text);
            assertThat(pod.getNodeSelector()).isEqualTo(Map.of("a", text));
            assertThat(pod.getTolerations()).extracting(Toleration::getValue).containsExactly(text);
        }
        assertThat(manifests.podSpec().getTopologySpreadConstraints().get(0).getTopologyKey())
                .isEqualTo(text);
        ObjectMeta pod = manifests.deployment().getSpec().getTemplate().getMetadata();
        assertThat(pod.getLabels()).containsEntry("a", text).containsEntry("b", text);
        assertThat(pod.getAnnotations()).containsEntry("a", text);
        assertThat(manifests.echoService().getMetadata().getAnnotations()).containsEntry("a", text);
        assertThat(manifests.only(TCPRoute.class).getSpec().getParentRefs().get(0))
                .extracting(ref -> ref.getName() + " " + ref.getNamespace() + " " + ref.getSectionName())
                .isEqualTo(text + " " + text + " " + text);
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3+build.5, 1.2.3_build.5, tcp-echo:1.2.3_build.5",
        "20240101, 20240101, tcp-echo:20240101",
        "1.0.0-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bcdefghi, "
                + "1.0.0-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, "
                + "tcp-echo:1.0.0-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bcdefghi",
    })
    void labelsWithEveryVersion(String appVersion, String label, String image) throws IOException {
        Path chart = Chart.edited("versioned", "Chart.yaml", text -> text.replaceAll(
                        "(?m)^appVersion: .*", "appVersion: \"" + appVersion + "\"")
                .replaceAll("(?m)^version: .*", "version: 1.0.0-" + "a".repeat(70) + "+build"));
        Manifests manifests =
                Manifests.parse(Chart.template(chart, "echo", "net", Chart.write("{}"), Chart.KUBERNETES));
        assertThat(manifests.objects())
                .extracting(object -> object.getMetadata().getLabels())
                .allSatisfy(labels -> {
                    assertThat(labels).containsEntry("app.kubernetes.io/version", label);
                    assertThat(labels.get("helm.sh/chart")).hasSizeLessThanOrEqualTo(63);
                });
        assertThat(manifests.podSpec().getContainers().get(0).getImage()).isEqualTo(image);
    }

    @Test
    void mergesLabelsThatComeFromTwoPlaces() throws IOException {
        Manifests manifests = Chart.manifests(
                "{labels: {release: mine, helm.sh/chart: null}, podLabels: {release: pods}, monitoring: {serviceMonitor: "
                        + "{enabled: true, labels: {release: prometheus}}}}",
                Chart.KUBERNETES);
        assertThat(manifests
                        .only(io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor.class)
                        .getMetadata()
                        .getLabels())
                .containsEntry("release", "prometheus")
                .doesNotContainKey("helm.sh/chart");
        assertThat(manifests.echoService().getMetadata().getLabels()).containsEntry("release", "mine");
        assertThat(manifests.deployment().getSpec().getTemplate().getMetadata().getLabels())
                .containsEntry("release", "pods");
    }
}
