package dev.tcpecho.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WithoutEditsTest {
    @Test
    void leavesOutTheEchosOwnKeysInEveryProfileAndNothingElse(@TempDir Path folder) throws IOException {
        Path settings = Files.write(
                folder.resolve("application.properties"),
                List.of("quarkus.http.port=8080", "echo.port=7", "%dev.echo.mode=stream", "# echo.port=8"));
        assertThat(WithoutEdits.delivered(settings)).containsExactly("quarkus.http.port=8080", "# echo.port=8");
    }
}
