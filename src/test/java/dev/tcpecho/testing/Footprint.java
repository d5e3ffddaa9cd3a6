package dev.tcpecho.testing;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a dev mode's JVM holds, after a full collection. */
public record Footprint(int descriptors, int threads, int classLoaders, long liveBytes) {
    private static final Pattern LOADERS = Pattern.compile(
            "(?m)^ *\\d+: +(\\d+) +\\d+ +io\\.quarkus\\.bootstrap\\.classloading\\.QuarkusClassLoader$");
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)$");

    /** @param maven the process that started the JVM */
    public static Footprint of(Process maven) {
        ProcessHandle jvm = maven.descendants()
                .filter(each -> each.info().commandLine().orElse("").contains("-dev.jar"))
                .findFirst()
                .orElseThrow();
        Path proc = Path.of("/proc", String.valueOf(jvm.pid()));
        histogram(jvm); // what was waiting for its finalizer or cleaner goes with the second collection
        String classes = histogram(jvm);
        return new Footprint(
                count(proc.resolve("fd")),
                count(proc.resolve("task")),
                (int) number(LOADERS, classes),
                number(TOTAL, classes));
    }

    /** What any JVM still needs, after a full collection. */
    public static long liveBytes(ProcessHandle jvm) {
        return number(TOTAL, histogram(jvm));
    }

    private static String histogram(ProcessHandle jvm) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try (Program program = Program.start(
                new File("."), List.of(jcmd.toString(), String.valueOf(jvm.pid()), "GC.class_histogram"))) {
            if (program.awaitExit() != 0) {
                throw new AssertionError(program.output());
            }
            return program.output();
        }
    }

    private static int count(Path folder) {
        String[] names = folder.toFile().list();
        if (names == null) {
            throw new AssertionError("cannot be listed: " + folder);
        }
        return names.length;
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in\n" + text);
        }
        return Long.parseLong(matcher.group(1));
    }
}
