package dev.tcpecho.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A process of the test's own, its output (both streams, in order), and its end. */
public final class Program implements AutoCloseable {
    /** The java that runs the tests. */
    public static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    /** The packaged service. */
    public static final String JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toString();

    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final Duration A_COMMAND = Duration.ofMinutes(1);

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private Program(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of process " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Of a JVM beside this one. Continuous testing has class loaders instead: there the test is left out. */
    public static String classPath() {
        String path = System.getProperty("java.class.path");
        assumeTrue(path.contains("test-classes"), "left out: this JVM has no class path with the tests on it");
        return path;
    }

    public static Program start(File folder, List<String> command) {
        return start(folder, Map.of(), command);
    }

    /** @param environment what is added to that of the tests */
    public static Program start(File folder, Map<String, String> environment, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder)
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"));
            builder.environment().putAll(environment);
            return new Program(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a command of the system prints; it must succeed, within a minute. */
    public static String output(String... command) {
        try (Program program = start(new File("."), List.of(command))) {
            int exit = program.awaitExit(A_COMMAND);
            if (exit != 0) {
                throw new AssertionError(String.join(" ", command) + " ended with " + exit + ": " + program.output());
            }
            return program.output();
        }
    }

    /** Whether a command of the system can be had and succeeds, within a minute. */
    public static boolean succeeds(String... command) {
        try (Program program = start(new File("."), List.of(command))) {
            return program.awaitExit(A_COMMAND) == 0;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** The packaged service, in JVM options and system properties such as {@code -Decho.port=0}. */
    public static Program packaged(String... options) {
        return packaged(Map.of(), options);
    }

    public static Program packaged(Map<String, String> environment, String... options) {
        List<String> command = new ArrayList<>();
        command.add(JAVA);
        command.addAll(List.of(options));
        command.addAll(List.of("-jar", JAR));
        return start(new File("."), environment, command);
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("(output ended: " + e.getMessage() + ")");
        }
    }

    /** The first line that contains the text; fails with the whole output if none comes. */
    public String awaitLine(String text) {
        await().atMost(PATIENCE).until(() -> has(text) || !reader.isAlive());
        if (!has(text)) {
            throw new AssertionError("the process ended without a line of '" + text + "':\n" + output());
        }
        return lines.stream().filter(line -> line.contains(text)).findFirst().orElseThrow();
    }

    private boolean has(String text) {
        return lines.stream().anyMatch(line -> line.contains(text));
    }

    /** The exit code, once the output has been read to its end. */
    public int awaitExit() {
        return awaitExit(PATIENCE);
    }

    public int awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("not ended within " + patience + ":\n" + output());
            }
            reader.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    public Process process() {
        return process;
    }

    public String output() {
        return lines.stream().collect(Collectors.joining("\n"));
    }

    /** Ends the process and what it started. */
    @Override
    public void close() {
        List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
        family.add(process.toHandle());
        family.forEach(ProcessHandle::destroy);
        await().atMost(Duration.ofSeconds(20)).until(() -> family.stream().noneMatch(ProcessHandle::isAlive));
    }
}
