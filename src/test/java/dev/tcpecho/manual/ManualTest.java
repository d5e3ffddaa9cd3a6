package dev.tcpecho.manual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.option.Reason;
import dev.tcpecho.option.Status;
import dev.tcpecho.server.CloseReason;
import dev.tcpecho.server.RefusalReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The manual says what the code says, all of it and nothing else. A failure names the row that is missing or untrue.
 */
class ManualTest {
    private static final Map<String, Keys.Key> KEYS = Keys.all();
    private static final Pattern KEY = Pattern.compile("(?<![\\w.%/-])echo\\.[a-z][A-Za-z0-9.<>*_\"-]*");
    private static final Pattern TEST = Pattern.compile("([A-Z]\\w*(?:Test|IT|Proof))(?:\\.(\\w+))?");

    static List<Manual> pages() {
        return Manual.all();
    }

    @Test
    void hasARowForEveryKeyWithItsDefault() {
        Map<String, String> rows = new TreeMap<>();
        for (Manual.Row row : Manual.page("configuration").rows()) {
            if (!row.code(0).isEmpty() && row.code(0).get(0).startsWith("echo.")) {
                rows.put(row.code(0).get(0), row.code(1).stream().findFirst().orElse(""));
            }
        }
        List<String> faults = new ArrayList<>();
        KEYS.forEach((name, key) -> {
            String fallback = key.fallback().orElse("");
            String shown = fallback.isEmpty() ? "" : " `" + fallback + "`";
            if (!rows.containsKey(name)) {
                faults.add("add a row: | `" + name + "` |" + shown + " | what it does |");
            } else if (!rows.get(name).equals(fallback)) {
                faults.add("the default of " + name + " is '" + fallback + "', the row says '" + rows.get(name) + "'");
            }
        });
        rows.keySet().stream()
                .filter(name -> !KEYS.containsKey(name))
                .forEach(name -> faults.add("no such key: " + name));
        assertThat(faults).as("src/site/markdown/configuration.md").isEmpty();
    }

    @Test
    void namesEveryWordThatAKeyTakes() {
        List<String> faults = new ArrayList<>();
        for (Manual.Row row : Manual.page("configuration").rows()) {
            Keys.Key key = KEYS.get(row.code(0).stream().findFirst().orElse(""));
            if (key != null && key.type().isEnum()) {
                Set<String> words = words(key.type());
                Manual.codeIn(String.join(" ", row.cells())).forEach(words::remove);
                words.forEach(word -> faults.add("the row of " + key.name() + " does not name `" + word + "`"));
            }
        }
        assertThat(faults).as("src/site/markdown/configuration.md").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void namesNoKeyThatDoesNotExist(Manual page) {
        assertThat(page.code().stream()
                        .flatMap(code -> KEY.matcher(code).results())
                        .map(MatchResult::group)
                        .filter(name -> !exists(name)))
                .as(page.toString())
                .isEmpty();
    }

    /** A key, one of a further listener, or what several begin with: {@code echo.socket.*}. */
    private static boolean exists(String written) {
        String name = written.replaceFirst("^echo\\.listeners(\\.(<name>|\"[^\"]+\"|[\\w-]+))?\\.?", "echo.")
                .replaceFirst("[.*]+$", "");
        return name.equals("echo")
                || KEYS.containsKey(name)
                || KEYS.keySet().stream().anyMatch(key -> key.startsWith(name + ".") || key.startsWith(name + "-"));
    }

    @ParameterizedTest
    @MethodSource
    void explainsEveryWordOfItsTables(String page, String heading, Class<?> type) {
        assertThat(Manual.differences(words(type), Manual.page(page).firstColumn(heading)))
                .as("src/site/markdown/%s.md, the table under '%s'", page, heading)
                .isEmpty();
    }

    static Stream<Arguments> explainsEveryWordOfItsTables() {
        return Stream.of(
                Arguments.of("report", "Status", Status.class),
                Arguments.of("report", "Reason", Reason.class),
                Arguments.of("metrics", "Why connections end", CloseReason.class),
                Arguments.of("metrics", "Why connections are refused", RefusalReason.class));
    }

    private static Set<String> words(Class<?> type) {
        return Stream.of(type.getEnumConstants())
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A method without its class belongs to the class named before it in the same line. */
    @ParameterizedTest
    @MethodSource("pages")
    void namesNoTestThatDoesNotExist(Manual page) {
        List<String> faults = new ArrayList<>();
        for (String line : page.lines()) {
            String type = null;
            for (String code : Manual.codeIn(line)) {
                Matcher test = TEST.matcher(code);
                if (test.matches()) {
                    type = test.group(1);
                    faults.addAll(missing(type, test.group(2)));
                } else if (type != null && code.matches("[a-z]+[A-Z]\\w{9,}")) {
                    faults.addAll(missing(type, code));
                }
            }
        }
        assertThat(faults).as(page.toString()).isEmpty();
    }

    private static List<String> missing(String type, String method) {
        Optional<String> source = sourceOf(type);
        if (source.isEmpty()) {
            return List.of("no test class " + type);
        }
        boolean found = method == null
                || Pattern.compile("\\b" + method + "\\(").matcher(source.get()).find();
        return found ? List.of() : List.of("no method " + method + " in " + type);
    }

    private static Optional<String> sourceOf(String type) {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            Optional<Path> file =
                    files.filter(path -> path.endsWith(type + ".java")).findFirst();
            return file.isEmpty() ? Optional.empty() : Optional.of(Files.readString(file.get()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksToWhatExists(Manual page) {
        assertThat(page.links().stream()
                        .filter(link -> !link.startsWith("https://"))
                        .filter(link -> !leadsSomewhere(page, link)))
                .as(page.toString())
                .isEmpty();
    }

    private static boolean leadsSomewhere(Manual page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty()
                ? page.file()
                : page.file().resolveSibling(parts[0]).normalize();
        if (!Files.exists(target)) {
            return Files.exists(Path.of("src/site/resources").resolve(link)); // which the site has beside its pages
        }
        try {
            return parts.length == 1
                    || new Manual(target, Files.readAllLines(target)).anchors().contains(parts[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyPageIsInTheReadmeAndInTheMenu() throws IOException {
        String menu = Files.readString(Path.of("src/site/site.xml"));
        List<String> readme = Manual.readme().links();
        for (Manual page : Manual.all()) {
            String name = page.toString().replace(".md", "");
            if (page.file().startsWith("src/site")) {
                assertThat(menu).contains("\"" + name + ".html\"");
                assertThat(name.equals("index") || readme.contains("src/site/markdown/" + name + ".md"))
                        .as("README.md links to %s", page)
                        .isTrue();
            }
        }
    }

    @Test
    void keepsTheReadmeShort() {
        assertThat(Manual.readme().lines()).hasSizeLessThan(175);
    }
}
