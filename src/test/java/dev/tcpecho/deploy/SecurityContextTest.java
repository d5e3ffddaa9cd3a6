package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Safe unless told otherwise, in a clear voice; and without ids where the platform assigns them. */
class SecurityContextTest {
    @Test
    void namesNoIdWhereThePlatformAssignsThem() throws IOException {
        for (PodSpec pod :
                Chart.manifests(Chart.valuesFile("openshift"), Chart.KUBERNETES).podSpecs()) {
            PodSecurityContext context = pod.getSecurityContext();
            assertThat(context.getRunAsUser()).isNull();
            assertThat(context.getRunAsGroup()).isNull();
            assertThat(context.getFsGroup()).isNull();
            assertThat(context.getRunAsNonRoot()).isTrue();
            assertThat(context.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        }
    }

    @Test
    void changesOneKeyAndKeepsTheOthers() throws IOException {
        PodSpec pod = Chart.manifests("podSecurityContext: {fsGroup: 2000, runAsUser: 2001}", Chart.KUBERNETES)
                .podSpec();
        assertThat(pod.getSecurityContext())
                .extracting(
                        PodSecurityContext::getFsGroup,
                        PodSecurityContext::getRunAsUser,
                        PodSecurityContext::getRunAsGroup)
                .containsExactly(2000L, 2001L, 10001L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "podSecurityContext: {runAsUser: 0}                           | podSecurityContext.runAsUser is 0, root",
                "podSecurityContext: {runAsNonRoot: false}                    | podSecurityContext.runAsNonRoot is false",
                "podSecurityContext: {seccompProfile: {type: Unconfined}}     | podSecurityContext.seccompProfile is Unconfined",
                "podSecurityContext: {seccompProfile: null}                   | securityContext.seccompProfile is unset",
                "podSecurityContext: null                                     | securityContext.seccompProfile is unset",
                "podSecurityContext: {appArmorProfile: {type: Unconfined}}    | podSecurityContext.appArmorProfile is Unconf",
                "podSecurityContext: {seLinuxOptions: {type: spc_t}}          | podSecurityContext.seLinuxOptions has a user",
                "securityContext: {runAsUser: 0}                              | securityContext.runAsUser is 0, root",
                "securityContext: {runAsNonRoot: false}                       | securityContext.runAsNonRoot is false",
                "{podSecurityContext: {runAsNonRoot: null}, securityContext: {runAsNonRoot: null}} | runAsNonRoot is not true",
                "securityContext: {privileged: true}                          | securityContext.privileged is true",
                "securityContext: {allowPrivilegeEscalation: true}            | allowPrivilegeEscalation is not false",
                "securityContext: {allowPrivilegeEscalation: null}            | allowPrivilegeEscalation is not false",
                "securityContext: {capabilities: {drop: []}}                  | capabilities.drop is without ALL",
                "securityContext: {capabilities: null}                        | capabilities.drop is without ALL",
                "securityContext: {capabilities: {add: [NET_ADMIN]}}          | capabilities.add has NET_ADMIN",
                "securityContext: {procMount: Unmasked}                       | securityContext.procMount is Unmasked",
                "securityContext: null                                        | allowPrivilegeEscalation is not false",
                "hostNetwork: true                                            | hostNetwork puts the pods into the node's",
                "extraVolumes: [{name: a, hostPath: {path: /}}]               | extraVolumes: a is of the type hostPath",
                "sidecars: [{name: a, image: b, securityContext: {privileged: true}}] | securityContext of a.privileged is",
                "initContainers: [{name: a, image: b, securityContext: {runAsUser: 0}}] | securityContext of a.runAsUser is 0",
                "sidecars: [{name: a, image: b, ports: [{containerPort: 1, hostPort: 1}]}] | hostPort 1",
            })
    void asksBeforeItGivesUpWhatPodSecurityRestrictedWants(String values, String sentence) throws IOException {
        Path file = Chart.write(values);
        assertThatThrownBy(() -> Chart.manifests(file, Chart.KUBERNETES))
                .hasMessageContaining(sentence)
                .hasMessageContaining(
                        "which Pod Security restricted refuses: undo it, or set allowUnrestricted to true");
        String allowed = values.startsWith("{")
                ? values.replaceFirst("\\{", "{allowUnrestricted: true, ")
                : values + "\nallowUnrestricted: true\n";
        assertThat(Chart.manifests(allowed, Chart.KUBERNETES).objects()).isNotEmpty();
    }

    @Test
    void allowsWhatRestrictedAllows() throws IOException {
        assertThat(Chart.manifests("""
                                podSecurityContext: {supplementalGroups: [1, 2], seLinuxOptions: {level: "s0:c1,c2"}, fsGroup: 0, runAsGroup: 0}
                                securityContext: {capabilities: {add: [NET_BIND_SERVICE]}, readOnlyRootFilesystem: false}
                                extraVolumes: [{name: a, secret: {secretName: b}}, {name: c, csi: {driver: d}}]
                                """, Chart.KUBERNETES).objects()).isNotEmpty();
    }

    static Stream<Path> restricted() throws IOException {
        return Chart.valuesFiles().stream().filter(file -> !file.equals(Chart.valuesFile("unrestricted")));
    }

    /** Pod Security "restricted", as admission reads it, for every container of every pod. */
    @ParameterizedTest
    @MethodSource("restricted")
    void rendersPodsThatPodSecurityRestrictedAdmits(Path values) throws IOException {
        for (PodSpec pod : Chart.manifests(values, Chart.KUBERNETES).podSpecs()) {
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(Stream.concat(pod.getContainers().stream(), pod.getInitContainers().stream())
                            .map(Container::getSecurityContext))
                    .extracting(
                            SecurityContext::getAllowPrivilegeEscalation,
                            context -> context.getCapabilities().getDrop().contains("ALL"))
                    .containsOnly(org.assertj.core.groups.Tuple.tuple(false, true));
        }
    }

    @Test
    void confinesContainersBesideTheServiceAsTheService() throws IOException {
        PodSpec pod = Chart.manifests(
                        "sidecars: [{name: a, image: b, securityContext: {runAsUser: 7}}]", Chart.KUBERNETES)
                .podSpec();
        assertThat(pod.getContainers()).extracting(Container::getName).isEqualTo(List.of("tcp-echo", "a"));
        SecurityContext beside = pod.getContainers().get(1).getSecurityContext();
        assertThat(beside.getRunAsUser()).isEqualTo(7);
        assertThat(beside.getReadOnlyRootFilesystem()).isTrue();
        assertThat(beside.getCapabilities().getDrop()).containsExactly("ALL");
    }
}
