package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A reviewed text in the repository; {@code -Dsnapshots=write} writes what a test rendered, to be reviewed again. */
record Snapshot(Path file) {
    void matches(String rendered) throws IOException {
        if ("write".equals(System.getProperty("snapshots"))) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, rendered);
        }
        assertThat(rendered)
                .as(
                        "%s; when the change is meant: ./mvnw test -Dtest='dev.tcpecho.deploy.*Test' -Dsnapshots=write",
                        file)
                .isEqualTo(Files.exists(file) ? Files.readString(file) : "");
    }
}
