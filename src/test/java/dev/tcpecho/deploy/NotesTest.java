package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
