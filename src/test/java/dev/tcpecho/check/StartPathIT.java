package dev.tcpecho.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.Program;
import org.junit.jupiter.api.Test;

class StartPathIT {
    @Test
    void theServiceStartsWithoutTheClientAndItsLibrary() {
        try (Program service = Program.packaged("-verbose:class", "-Decho.port=0", "-Dquarkus.http.port=0")) {
            service.awaitLine("Listening on");
            assertThat(service.output()).contains("dev.tcpecho.Main ").doesNotContain("picocli.", "dev.tcpecho.check.");
        }
    }
}
