package dev.tcpecho;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How many files the process may open. With too few, classes cannot be read from their jars, and the start hangs or
 * ends without a word.
 */
final class DescriptorLimit {
    /** The jars, the JVM's own files, the listeners and the side port, and a few to talk to. */
    static final int LEAST = 120;

    private static final String LINE = "Max open files";

    private DescriptorLimit() {}

    /** The limit in force, if it is too small; nothing where it is not known. */
    static Optional<Integer> tooSmall() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
            return lines.filter(line -> line.startsWith(LINE))
                    .map(line -> line.substring(LINE.length()).strip().split("\\s+")[0])
                    .filter(soft -> soft.matches("\\d{1,9}"))
                    .map(Integer::valueOf)
                    .filter(soft -> soft < LEAST)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
