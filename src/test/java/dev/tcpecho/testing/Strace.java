package dev.tcpecho.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.opentest4j.TestAbortedException;

/** strace(1) on every thread of a process, for as long as this is open. */
public final class Strace implements AutoCloseable {
    private final Process tracer;
    private final Path output;

    private Strace(Process tracer, Path output) {
        this.tracer = tracer;
        this.output = output;
    }

    /**
     * Returns once it is attached; aborts the test where it cannot be.
     *
     * @param expressions of {@code strace -e}
     */
    public static Strace attach(long pid, String... expressions) {
        Path output;
        Process tracer;
        try {
            output = Files.createTempFile("tcp-echo", ".strace");
            List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", output.toString()));
            for (String expression : expressions) {
                command.addAll(List.of("-e", expression));
            }
            command.addAll(List.of("-p", String.valueOf(pid)));
            tracer = new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            throw new TestAbortedException("skipped: no strace here", e);
        }
        Awaitility.await().until(() -> !tracer.isAlive() || isTraced(pid));
        Strace strace = new Strace(tracer, output);
        if (!strace.isAttached()) {
            strace.close();
            throw new TestAbortedException("skipped: strace may not attach here");
        }
        return strace;
    }

    public boolean isAttached() {
        return tracer.isAlive();
    }

    /** What it has written so far. */
    public List<String> lines() {
        try {
            return Files.readAllLines(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isTraced(long pid) throws IOException {
        try (var threads = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
            return threads.allMatch(thread -> !status(thread).contains("TracerPid:\t0\n"));
        }
    }

    private static String status(Path thread) {
        try {
            return Files.readString(thread.resolve("status"));
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    @Override
    public void close() {
        tracer.destroy();
        tracer.onExit().join();
        try {
            Files.delete(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
