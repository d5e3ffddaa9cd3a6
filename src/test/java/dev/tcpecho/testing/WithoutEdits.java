package dev.tcpecho.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Tests mean the service as it is delivered. What somebody tries out under {@code echo.} in
 * {@code application.properties} is left out of the classes while they run. In the packaged application such lines are
 * compiled in: it is built again without them. Both are put back for whoever packages or runs them.
 */
public final class WithoutEdits implements LauncherSessionListener {
    private static final Path SETTINGS = Path.of("src/main/resources/application.properties");
    private static final Path CLASSES = Path.of("target/classes/application.properties");
    private static final Path APPLICATION = Path.of("target/quarkus-app");
    private static final Path EDITED =
            Path.of("target/quarkus-app.edited-" + ProcessHandle.current().pid());
    private static final Path DELIVERED = Path.of("target/delivered");

    private byte[] classes;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        try {
            if (!isEdited(SETTINGS)) {
                return;
            }
            System.out.println("the tests leave out what stands under echo. in " + SETTINGS);
            if (isEdited(CLASSES)) {
                classes = Files.readAllBytes(CLASSES);
                Files.write(CLASSES, delivered(CLASSES));
                // Older than its source: a build copies it again, should these tests be killed.
                Files.setLastModifiedTime(CLASSES, FileTime.fromMillis(0));
            }
            if (Boolean.getBoolean("test.packaged")) {
                copyProject(DELIVERED);
                build(DELIVERED);
                Files.move(APPLICATION, EDITED);
                Files.move(DELIVERED.resolve(APPLICATION), APPLICATION);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        try {
            if (classes != null) {
                Files.write(CLASSES, classes);
            }
            if (Files.exists(EDITED)) {
                Files.move(APPLICATION, DELIVERED.resolve(APPLICATION));
                Files.move(EDITED, APPLICATION);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What makes the service, without its tests, with the settings that are delivered. */
    public static void copyProject(Path folder) throws IOException {
        for (Path part : List.of(Path.of("pom.xml"), Path.of("src/main"))) {
            try (Stream<Path> files = Files.walk(part)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path target = folder.resolve(file);
                    Files.createDirectories(target.getParent());
                    Files.write(target, file.equals(SETTINGS) ? bytes(delivered(file)) : Files.readAllBytes(file));
                }
            }
        }
    }

    private static void build(Path folder) {
        Path maven = Path.of(System.getProperty("maven.home"), "bin", "mvn");
        try (Program build = Program.start(
                new File(folder.toString()),
                List.of(maven.toString(), "-B", "-q", "-ntp", "clean", "package", "-DskipTests"))) {
            if (build.awaitExit() != 0) {
                throw new AssertionError("packaging without edits failed:\n" + build.output());
            }
        }
    }

    private static byte[] bytes(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The lines of a settings file that the project itself delivers: it has none under {@code echo.}. */
    static List<String> delivered(Path settings) throws IOException {
        return Files.readAllLines(settings).stream()
                .filter(line -> !isOurs(line))
                .toList();
    }

    private static boolean isEdited(Path settings) throws IOException {
        return Files.exists(settings) && Files.readAllLines(settings).stream().anyMatch(WithoutEdits::isOurs);
    }

    private static boolean isOurs(String line) {
        return line.strip().matches("(%[^.]+\\.)?echo\\..*");
    }
}
