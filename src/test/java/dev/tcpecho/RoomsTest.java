package dev.tcpecho;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rooms of the house, and which way one may look from each: read from the imports. */
class RoomsTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/tcpecho");
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([\\w.]+);", Pattern.MULTILINE);

    private static final Map<String, Set<String>> MAY_LOOK_AT = Map.of(
            "kernel", Set.of(),
            "option", Set.of("kernel"),
            "net", Set.of("kernel", "option"),
            "server", Set.of("kernel", "option", "net"),
            "management", Set.of("kernel", "option", "net", "server"),
            "check", Set.of());

    @Test
    void everyRoomLooksOneWay() {
        assertThat(imports()
                        .filter(each -> MAY_LOOK_AT.containsKey(each.room()))
                        .filter(each -> each.name().startsWith("dev.tcpecho."))
                        .filter(each -> {
                            String target = each.name().split("\\.")[2];
                            return !target.equals(each.room())
                                    && !MAY_LOOK_AT.get(each.room()).contains(target);
                        }))
                .isEmpty();
    }

    /** Longer ones have found no second noun yet, or have none. */
    @Test
    void everyClassIsOneNounAndFitsOnAScreenAndAHalf() throws IOException {
        Map<String, String> longer = Map.of(
                "SocketOption.java", "the catalogue: a table with a row for each option",
                "Bounds.java", "a table of bounds, one each");
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            assertThat(sources.filter(each -> each.toString().endsWith(".java"))
                            .filter(each ->
                                    !longer.containsKey(each.getFileName().toString()))
                            .filter(each -> lines(each) > 200))
                    .isEmpty();
        }
    }

    private static int lines(Path source) {
        try {
            return Files.readAllLines(source).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyPackageIsARoom() {
        assertThat(imports().map(Import::room).distinct().filter(room -> !room.isEmpty()))
                .allMatch(MAY_LOOK_AT::containsKey);
    }

    @Test
    void internalsOfVertxStayInNet() {
        assertThat(imports()
                        .filter(each -> each.name().matches("io\\.vertx\\.core\\.(net\\.)?(impl|spi)\\..*"))
                        .filter(each -> !each.room().equals("net")))
                .isEmpty();
    }

    /** The check client stands alone, and looks at a socket of its own. */
    @Test
    void nativeTypesOfNettyStayInNetAndOption() {
        assertThat(imports()
                        .filter(each ->
                                each.name().matches("io\\.netty\\.channel\\.(epoll|kqueue|unix|socket\\.nio)\\..*"))
                        .filter(each -> !List.of("net", "option", "check").contains(each.room())))
                .isEmpty();
    }

    @Test
    void httpMetersAndHealthStayInManagement() {
        assertThat(imports()
                        .filter(
                                each -> each.name()
                                        .matches(
                                                "io\\.(micrometer|vertx\\.ext\\.web)\\..*|org\\.eclipse\\.microprofile\\.health\\..*"))
                        .filter(each -> !each.room().equals("management")))
                .isEmpty();
    }

    private record Import(String room, String file, String name) {}

    private static Stream<Import> imports() {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .flatMap(RoomsTest::importsOf)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Import> importsOf(Path file) {
        Path inside = SOURCES.relativize(file);
        String room = inside.getNameCount() > 1 ? inside.getName(0).toString() : "";
        try {
            return IMPORT.matcher(Files.readString(file))
                    .results()
                    .map(found -> new Import(room, inside.toString(), found.group(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
