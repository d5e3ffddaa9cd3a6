package dev.tcpecho.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one list of metrics that alerts and dashboard may name. */
final class ExpectedMetrics {
    private static final Path LIST = Path.of("src/test/resources/prometheus/metrics.txt");
    private static final Pattern LINE = Pattern.compile("(?<name>[a-z_]+)\\{(?<labels>[a-z_,]*)}");

    private ExpectedMetrics() {}

    static Map<String, Set<String>> labelsByName() throws IOException {
        Map<String, Set<String>> metrics = new TreeMap<>();
        for (String line : Files.readAllLines(LIST)) {
            if (!line.startsWith("#")) {
                Matcher parts = LINE.matcher(line);
                if (!parts.matches()) {
                    throw new IllegalStateException(LIST + " has a line that is no metric: " + line);
                }
                Set<String> labels = new TreeSet<>(Set.of(parts.group("labels").split(",")));
                labels.remove("");
                metrics.put(parts.group("name"), labels);
            }
        }
        return metrics;
    }
}
