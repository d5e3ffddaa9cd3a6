package dev.tcpecho.deploy;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Renders to review: all of the default, and of every other values file what it changes. */
class SnapshotTest {
    private static final Path SNAPSHOTS = Path.of("src/test/resources/chart");

    /** Copies of files that have their own tests. */
    private static final Set<String> COPIES =
            Set.of("tcp-echo/templates/dashboard.yaml", "tcp-echo/templates/prometheusrule.yaml");

    static List<Path> valuesFiles() throws IOException {
        return Chart.valuesFiles();
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void rendersWhatWasReviewed(Path values) throws IOException {
        Path defaults = Chart.valuesFile("default");
        String name = values.getFileName().toString().replace("-values.yaml", ".yaml");
        String rendered = values.equals(defaults) ? render(values) : changes(documents(defaults), documents(values));
        new Snapshot(SNAPSHOTS.resolve(name)).matches(rendered);
    }

    private static String changes(Map<String, String> from, Map<String, String> to) {
        StringBuilder changes = new StringBuilder();
        from.keySet().stream()
                .filter(source -> !to.containsKey(source))
                .forEach(source -> changes.append("# without ").append(source).append('\n'));
        to.forEach((source, document) -> {
            if (!from.containsKey(source) && !COPIES.contains(source)) {
                changes.append("---\n# Source: ").append(source).append('\n').append(document);
            } else if (from.containsKey(source) && !document.equals(from.get(source))) {
                changes.append("---\n# new lines of ").append(source).append('\n');
                changes.append(newLines(from.get(source), document));
            }
        });
        return changes.toString();
    }

    private static String newLines(String before, String after) {
        Set<String> known = Set.copyOf(before.lines().toList());
        return after.lines()
                .filter(line -> !known.contains(line))
                .map(line -> line + "\n")
                .collect(joining());
    }

    /** By template; a template with several objects has them all in one text. */
    private static Map<String, String> documents(Path values) throws IOException {
        Map<String, String> documents = new LinkedHashMap<>();
        for (String document : render(values).split("(?m)^---\n# Source: ")) {
            if (!document.isBlank()) {
                int end = document.indexOf('\n');
                documents.merge(document.substring(0, end), document.substring(end + 1), (a, b) -> a + "---\n" + b);
            }
        }
        return documents;
    }

    /** Without what changes with every release or every line of configuration. */
    private static String render(Path values) throws IOException {
        String version =
                Pattern.quote(Chart.readYaml("Chart.yaml").get("version").asText());
        return Chart.render(values, Chart.KUBERNETES)
                .replaceAll("(chart: tcp-echo-|version: \"|image: \"tcp-echo:)" + version, "$1<version>")
                .replaceAll("checksum/config: [0-9a-f]{64}", "checksum/config: <checksum>");
    }
}
