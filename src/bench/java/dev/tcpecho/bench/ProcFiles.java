package dev.tcpecho.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What Linux tells of a process and of those that it started; see proc(5). */
final class ProcFiles {
    private static final Path PROC = Path.of("/proc");
    private static final int UTIME = 14;
    private static final int CSTIME = 17;
    private static final int FIRST_AFTER_NAME = 3;

    private final long pid;

    ProcFiles(long pid) {
        this.pid = pid;
    }

    long pid() {
        return pid;
    }

    static boolean present() {
        return Files.isReadable(PROC.resolve("self").resolve("stat"));
    }

    /** utime + stime of the process and its descendants, those included that have ended and were waited for. */
    long cpuTicks() throws IOException {
        long ticks = 0;
        for (long id : family()) {
            ticks += cpuTicks(read(id, "stat"));
        }
        return ticks;
    }

    /** VmRSS of the process and its descendants; shared pages count once for each. */
    long rssKibibytes() throws IOException {
        long kibibytes = 0;
        for (long id : family()) {
            kibibytes += rssKibibytes(read(id, "status"));
        }
        return kibibytes;
    }

    /** @param stat the name in it stands in brackets, and may hold blanks and brackets itself */
    static long cpuTicks(String stat) {
        if (stat.isEmpty()) {
            return 0;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int field = UTIME; field <= CSTIME; field++) {
            ticks += Long.parseLong(fields[field - FIRST_AFTER_NAME]);
        }
        return ticks;
    }

    static long rssKibibytes(String status) {
        return status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private List<Long> family() {
        Stream<Long> descendants = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid);
        return Stream.concat(Stream.of(pid), descendants).toList();
    }

    /** Empty if the process has just ended. */
    private static String read(long id, String name) throws IOException {
        try {
            return Files.readString(PROC.resolve(Long.toString(id)).resolve(name));
        } catch (NoSuchFileException ended) {
            return "";
        }
    }
}
