package dev.tcpecho.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The real {@code quarkus:dev} on a copy of this project, whose files are edited. */
public final class DevMode implements AutoCloseable {
    private final Path properties;
    private final int http = Ports.free();
    private Program program;

    private DevMode(Path project) {
        this.properties = project.resolve("src/main/resources/application.properties");
    }

    /**
     * Started, and no more.
     *
     * @param project an empty folder
     * @param keys of the first start, a line each
     */
    public static DevMode start(Path project, String keys) throws IOException {
        WithoutEdits.copyProject(project);
        DevMode mode = new DevMode(project);
        mode.set(keys);
        mode.program = Program.start(
                project.toFile(),
                List.of(
                        Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                        "-B",
                        "-ntp",
                        "quarkus:dev",
                        "-Ddebug=false",
                        // Not in the file: what Quarkus listens with after a first start that failed does not read it.
                        "-Dquarkus.http.port=" + mode.http,
                        "-Dquarkus.analytics.disabled=true",
                        "-Dquarkus.test.continuous-testing=disabled"));
        return mode;
    }

    public Program program() {
        return program;
    }

    public Path properties() {
        return properties;
    }

    public SidePort sidePort() {
        return new SidePort(http);
    }

    /** Sets the keys to these values; the time of the file must differ for the edit to be seen. */
    public void set(String keys) throws IOException {
        var before = Files.getLastModifiedTime(properties);
        String kept = without(keys);
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            Files.writeString(properties, kept + keys);
            return Files.getLastModifiedTime(properties).toMillis() > before.toMillis() + 1;
        });
    }

    /** Takes the lines of these keys out. */
    public void remove(String keys) throws IOException {
        Files.writeString(properties, without(keys));
    }

    private String without(String keys) throws IOException {
        return Files.readString(properties)
                .lines()
                .filter(line -> keys.lines().noneMatch(key -> line.startsWith(key.substring(0, key.indexOf('=') + 1))))
                .reduce("", (text, line) -> text + line + "\n");
    }

    @Override
    public void close() {
        program.close();
    }
}
