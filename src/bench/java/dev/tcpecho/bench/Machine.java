package dev.tcpecho.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where it was measured. */
record Machine(String processor, int processors, String kernel, String jvm, long descriptors, double ticksPerSecond) {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    static Machine here(Path java) throws IOException {
        return new Machine(
                processorName(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Tools.output(List.of(java.resolve("bin").resolve("java").toString(), "-version"))
                        .map(version -> version.lines().skip(1).findFirst().orElse(version))
                        .orElse("unknown"),
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                        ? unix.getMaxFileDescriptorCount()
                        : Integer.MAX_VALUE,
                Tools.find("getconf")
                        .flatMap(getconf -> Tools.output(List.of(getconf.toString(), "CLK_TCK")))
                        .map(Double::valueOf)
                        .orElse(100.0));
    }

    private static String processorName() throws IOException {
        if (!Files.isReadable(PROCESSORS)) {
            return System.getProperty("os.arch");
        }
        return Files.readString(PROCESSORS)
                .lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("processor", processor)
                .put("processors", processors)
                .put("kernel", kernel)
                .put("jvm", jvm)
                .put("descriptors", descriptors);
    }

    @Override
    public String toString() {
        return processors + " x " + processor + "; " + kernel + "; " + jvm;
    }
}
