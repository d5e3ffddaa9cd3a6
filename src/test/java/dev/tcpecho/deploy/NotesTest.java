package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the operator reads after an installation. */
class NotesTest {
    static List<Path> valuesFiles() throws IOException {
        return Chart.valuesFiles();
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void sayHowToReachItAndHowToReadTheReport(Path values) throws IOException {
        assertThat(Chart.notes(values, Chart.KUBERNETES))
                .contains("Reach it\n  default (", "/socket-options", "Shortfalls to expect\n  ")
                .doesNotContain("<nil>", "<no value>", "%!");
    }

    @Test
    void predictTheShortfallsOfTheSocketOptions() throws IOException {
        assertThat(Chart.notes(Chart.valuesFile("listeners"), Chart.KUBERNETES))
                .contains(
                        "default: receiveBufferSize 8388608 is capped by the node's net.core.rmem_max",
                        "default: acceptBacklog 65535 is capped by the pod's net.core.somaxconn, 4096",
                        "default: tcpFastOpen is inert until net.ipv4.tcp_fastopen has bit 2",
                        "small-buffers: the keep-alive timers are inert until tcpKeepAlive is true");
    }

    @Test
    void forwardToAPortThatNeedsNoRoot() throws IOException {
        assertThat(Chart.notes(Chart.valuesFile("listeners"), Chart.KUBERNETES))
                .contains("port-forward service/echo-tcp-echo 10007:7\n");
        assertThat(Chart.notes(Chart.valuesFile("default"), Chart.KUBERNETES))
                .contains("port-forward service/echo-tcp-echo 8888\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                              | the helm test pods",
                "networkPolicy: {enabled: false}                 | every pod of the cluster",
                "monitoring: {serviceMonitor: {enabled: true}}   | the namespace monitoring, as monitoring.namespace says",
                "{monitoring: {namespace: '', serviceMonitor: {enabled: true}}} | WARNING: a monitor is enabled, and nobody",
                "{monitoring: {namespace: '', podMonitor: {enabled: true}}, networkPolicy: {sidePortFrom: [{podSelector: {}}]}}"
                        + " | WARNING: a monitor is enabled, and only pods of this namespace",
                "{allowUnrestricted: true, hostNetwork: true}    | everybody who reaches the node",
            })
    void sayWhoMayAskTheSidePort(String values, String sentence) throws IOException {
        assertThat(Chart.notes(Chart.write(values), Chart.KUBERNETES)).contains(sentence);
    }

    @Test
    void doNotWarnOfAPrometheusThatIsLetIn() throws IOException {
        for (String name : List.of("monitoring", "podmonitor", "two-releases", "default")) {
            assertThat(Chart.notes(Chart.valuesFile(name), Chart.KUBERNETES))
                    .as(name)
                    .doesNotContain("WARNING");
        }
    }

    @Test
    void nameTheDipOfADeploymentWithoutANumber() throws IOException {
        assertThat(Chart.notes(Chart.write("{autoscaling: {enabled: true}, replicas: null}"), Chart.KUBERNETES))
                .contains("Kubernetes takes the Deployment to 1 pod until the autoscaler raises it");
        assertThat(Chart.notes(Chart.valuesFile("autoscaling"), Chart.KUBERNETES))
                .contains("The Deployment has 4, the number that ran, or minReplicas");
    }

    @Test
    void tellHowToRemoveTheTestPodsThatStay() throws IOException {
        assertThat(Chart.notes(Chart.valuesFile("default"), Chart.KUBERNETES))
                .contains("delete pod -l app.kubernetes.io/instance=echo,app.kubernetes.io/component=test");
        assertThat(Chart.notes(Chart.valuesFile("minimal"), Chart.KUBERNETES)).doesNotContain("delete pod");
    }

    @Test
    void predictNoShortfallThatASysctlPrevents() throws IOException {
        assertThat(Chart.notes(Chart.valuesFile("sysctls"), Chart.KUBERNETES)).contains("none from these values");
    }

    @Test
    void sayThatAnOldClusterGoesWithoutThePreStopSleep() throws IOException {
        Path values = Chart.valuesFile("loadbalancer");
        assertThat(Chart.notes(values, "1.29.0"))
                .contains("preStopSleep needs Kubernetes 1.30 and is left out on v1.29.0");
        assertThat(Chart.notes(values, "1.30.0")).doesNotContain("left out");
    }
}
