package dev.tcpecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.Program;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void runsTheCheckClientWithoutStartingTheServiceAndExitsWithItsCode() {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "check",
                "--echo",
                "nonsense");
        try (Program check = Program.start(new File("."), command)) {
            assertThat(check.awaitExit()).isEqualTo(2);
            assertThat(check.output()).contains("--echo takes HOST:PORT").doesNotContain("quarkus");
        }
    }
}
