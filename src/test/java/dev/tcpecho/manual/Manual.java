package dev.tcpecho.manual;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One page of the manual: its tables, code, links and headings. */
record Manual(Path file, List<String> lines) {
    private static final Path PAGES = Path.of("src/site/markdown");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** A row of a table, under the nearest heading above it. */
    record Row(String heading, List<String> cells) {
        /** What stands in code in this cell. */
        List<String> code(int cell) {
            return cell < cells.size() ? codeIn(cells.get(cell)) : List.of();
        }
    }

    static Manual page(String name) {
        return read(PAGES.resolve(name + ".md"));
    }

    static Manual readme() {
        return read(Path.of("README.md"));
    }

    /** README and pages, and the chart's README, which is one of them to its reader. */
    static List<Manual> all() {
        try (Stream<Path> pages = Files.list(PAGES)) {
            return Stream.concat(
                            Stream.of(Path.of("README.md"), Path.of("deploy/helm/tcp-echo/README.md")), pages.sorted())
                    .map(Manual::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Manual read(Path file) {
        try {
            return new Manual(file, Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> codeIn(String text) {
        return CODE.matcher(text).results().map(found -> found.group(1)).toList();
    }

    /** Rows of tables, without their heads. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        String heading = "";
        String before = "";
        for (String line : lines) {
            if (line.startsWith("#")) {
                heading = line.replaceFirst("#+ *", "");
            } else if (line.startsWith("|") && before.startsWith("|") && !line.startsWith("|-")) {
                String inner = line.substring(1, line.lastIndexOf('|'));
                rows.add(new Row(
                        heading,
                        Stream.of(inner.split("(?<!\\\\)\\|", -1))
                                .map(String::strip)
                                .toList()));
            }
            before = line;
        }
        return rows;
    }

    /** The code in the first column of the table under this heading, one for each row. */
    Set<String> firstColumn(String heading) {
        return rows().stream()
                .filter(row -> row.heading().equals(heading))
                .map(row ->
                        row.code(0).isEmpty() ? row.cells().get(0) : row.code(0).get(0))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What stands in code anywhere: in a line, or in a block of its own. */
    List<String> code() {
        List<String> code = new ArrayList<>();
        boolean block = false;
        for (String line : lines) {
            if (line.startsWith("```")) {
                block = !block;
            } else if (block) {
                code.add(line);
            } else {
                code.addAll(codeIn(line));
            }
        }
        return code;
    }

    /** Targets of links, as written. */
    List<String> links() {
        return find("\\]\\(([^)\\s]+)\\)", lines).map(found -> found.group(1)).toList();
    }

    /** The anchors that GitHub gives to the headings. */
    Set<String> anchors() {
        return lines.stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ *", "")
                        .toLowerCase()
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    static Stream<MatchResult> find(String pattern, Collection<String> texts) {
        Pattern compiled = Pattern.compile(pattern);
        return texts.stream().flatMap(text -> compiled.matcher(text).results());
    }

    /** What to add to the manual and what to take out of it. */
    static List<String> differences(Set<String> code, Set<String> manual) {
        return Stream.concat(
                        code.stream().filter(word -> !manual.contains(word)).map(word -> "missing: " + word),
                        manual.stream().filter(word -> !code.contains(word)).map(word -> "no longer there: " + word))
                .toList();
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
