package dev.tcpecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.Program;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void runsTheCheckClientWithoutStartingTheServiceAndExitsWithItsCode() {
        try (Program check = run("check", "--echo", "nonsense")) {
            assertThat(check.awaitExit()).isEqualTo(2);
            assertThat(check.output()).contains("--echo takes HOST:PORT").doesNotContain("quarkus");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chek", "--hlep", "-Decho.port=1", "help", ""})
    void refusesWhatItDoesNotKnowInsteadOfStartingTheService(String argument) {
        try (Program program = run(argument)) {
            assertThat(program.awaitExit()).isEqualTo(2);
            assertThat(program.output())
                    .contains("unknown argument " + argument, "usage: java -jar quarkus-run.jar")
                    .doesNotContain("Quarkus ");
        }
    }

    @Test
    void helpsAndSaysWhatItIs() {
        try (Program help = run("--help");
                Program helpOfCheck = run("check", "-h");
                Program version = run("-V")) {
            assertThat(help.awaitExit()).isZero();
            assertThat(help.output()).startsWith("usage: java -jar quarkus-run.jar\n");
            assertThat(helpOfCheck.awaitExit()).isZero();
            assertThat(helpOfCheck.output()).startsWith("usage: check ").contains("exit code: 0");
            assertThat(version.awaitExit()).isZero();
            assertThat(version.output()).matches("tcp-echo .*, Java .*");
        }
    }

    private static Program run(String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager", // as the packaged jar sets it
                "-cp",
                Program.classPath(),
                Main.class.getName()));
        command.addAll(List.of(args));
        return Program.start(new File("."), command);
    }
}
