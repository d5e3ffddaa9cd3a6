package dev.tcpecho.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts server and load on one core: between cores, waking up costs more than the echo. */
final class Pinning {
    private final List<String> prefix;

    private Pinning(List<String> prefix) {
        this.prefix = prefix;
    }

    /** @param core below 0 = the last one that this process may use */
    static Pinning to(int core) throws IOException {
        Optional<Path> taskset = Tools.find("taskset");
        if (taskset.isEmpty() || !ProcFiles.present()) {
            return new Pinning(List.of());
        }
        int chosen = core < 0 ? last(Files.readString(Path.of("/proc/self/status"))) : core;
        return new Pinning(List.of(taskset.get().toString(), "-c", Integer.toString(chosen)));
    }

    /** The last number of a list such as {@code 0-3,8}. */
    static int last(String status) {
        String allowed = status.lines()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .findFirst()
                .orElseThrow();
        return Integer.parseInt(allowed.replaceAll(".*[^0-9]", ""));
    }

    List<String> pinned(List<String> command) {
        return Stream.concat(prefix.stream(), command.stream()).toList();
    }

    @Override
    public String toString() {
        return prefix.isEmpty()
                ? "not pinned: no taskset here, so the figures hold the cost of waking up between cores"
                : "server and load share core " + prefix.get(2);
    }
}
