package dev.tcpecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.option.Reason;
import dev.tcpecho.option.Status;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Program;
import dev.tcpecho.testing.SidePort;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a machine that speaks another language the service says the same: dotless i, decimal commas, other digits. */
class LocaleIT {
    private static final Pattern ECHO = Pattern.compile("Serving on \\(127\\.0\\.0\\.1, (\\d+)\\)");
    private static final Pattern SIDE_PORT = Pattern.compile("Listening on: http://127\\.0\\.0\\.1:(\\d+)");

    @ParameterizedTest
    @ValueSource(strings = {"tr-TR", "de-DE", "ar-EG"})
    void saysTheSameInEveryLanguage(String language) {
        try (Program echo = Program.packaged(
                in(language, "-Decho.port=0", "-Dquarkus.http.port=0", "-Decho.mode=ONCE", "-Decho.idle-timeout=1h"))) {
            SidePort sidePort = new SidePort(port(echo.awaitLine("Listening on"), SIDE_PORT));
            int port = port(echo.awaitLine("Serving on"), ECHO);
            try (Peer peer = Peer.connect(new InetSocketAddress("127.0.0.1", port))) {
                peer.send("Iıİi").expect("Iıİi").expectFin();
            }
            assertOneKindOfDigits(sidePort.get("/socket-options", "text/plain").body());
            JsonObject report = new JsonObject(sidePort.get("/socket-options").body());
            assertThat(report.getString("state")).isEqualTo("serving");
            assertThat(words(report, "status"))
                    .isSubsetOf(Stream.of(Status.values()).map(Status::toString).toList());
            assertThat(words(report, "reason"))
                    .isSubsetOf(Stream.of(Reason.values()).map(Reason::toString).toList());
            assertThat(words(report, "note")).allMatch(note -> note.chars().allMatch(c -> c < 0x660));
            assertThat(sidePort.meter("echo_state{state=\"serving\"}")).isEqualTo(1);
            assertThat(sidePort.meter("echo_connections_closed_total", "complete"))
                    .isEqualTo(1);
            for (String probe : List.of("started", "ready", "live")) {
                assertThat(sidePort.status("/q/health/" + probe)).as(probe).isEqualTo(200);
            }
            assertThat(checks(
                            language,
                            "--echo",
                            "127.0.0.1:" + port,
                            "--report",
                            "http://" + sidePort.authority() + "/socket-options"))
                    .isZero();
            Program.output("kill", "-TERM", String.valueOf(echo.process().pid()));
            assertThat(echo.awaitExit()).isEqualTo(143);
            assertThat(echo.output()).doesNotContain("WARN").doesNotContain("ERROR");
            assertOneKindOfDigits(echo.output());
        }
    }

    /** The numbers of a log line and of a message, too, whoever formats them. */
    private static void assertOneKindOfDigits(String output) {
        assertThat(output.codePoints().filter(c -> c > 127 && Character.isDigit(c)))
                .as(output)
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tr-TR", "de-DE", "ar-EG"})
    void explainsAFailedStartInEveryLanguage(String language) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(failsToStart(in(language, "-Dquarkus.http.port=0", "-Decho.port=" + taken.getLocalPort())))
                    .contains("listener default", String.valueOf(taken.getLocalPort()), "in use");
        }
        assertThat(failsToStart(in(language, "-Decho.mode=loud", "-Decho.socket.tcp-keep-alive-idle=10H")))
                .contains("echo.mode", "loud", "echo.socket.tcp-keep-alive-idle");
    }

    private static String failsToStart(String... options) {
        try (Program echo = Program.packaged(options)) {
            assertThat(echo.awaitExit()).as(echo.output()).isEqualTo(1);
            assertThat(echo.output()).doesNotContain("\tat ");
            assertOneKindOfDigits(echo.output());
            return echo.output();
        }
    }

    private static int checks(String language, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Program.JAVA));
        command.addAll(List.of(in(language, "-jar", Program.JAR, "check")));
        command.addAll(List.of(arguments));
        try (Program check = Program.start(new File("."), command)) {
            int code = check.awaitExit();
            assertOneKindOfDigits(check.output());
            return code;
        }
    }

    private static String[] in(String language, String... options) {
        Locale locale = Locale.forLanguageTag(language);
        return Stream.concat(
                        Stream.of("-Duser.language=" + locale.getLanguage(), "-Duser.country=" + locale.getCountry()),
                        Stream.of(options))
                .toArray(String[]::new);
    }

    private static int port(String line, Pattern pattern) {
        Matcher found = pattern.matcher(line);
        assertThat(found.find()).as(line).isTrue();
        return Integer.parseInt(found.group(1));
    }

    /** What stands under this name anywhere in the report. */
    private static List<String> words(Object json, String name) {
        if (json instanceof JsonObject object) {
            return object.stream()
                    .flatMap(field -> field.getKey().equals(name) && field.getValue() instanceof String word
                            ? Stream.of(word)
                            : words(field.getValue(), name).stream())
                    .collect(Collectors.toList());
        }
        return json instanceof JsonArray array
                ? array.stream().flatMap(each -> words(each, name).stream()).toList()
                : List.of();
    }
}
