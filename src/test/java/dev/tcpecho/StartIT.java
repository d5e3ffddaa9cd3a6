package dev.tcpecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Program;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the packaged service starts, and how it says that it cannot. */
class StartIT {
    private static final Pattern BOUND = Pattern.compile("\\(([0-9a-f.:]+), (\\d+)\\)");

    @Test
    void listsEveryViolationWithItsKeyAtOnce() {
        String output = failsToStart(
                "-Decho.port=-1",
                "-Decho.mode=loud",
                "-Decho.linger-timeout=",
                "-Decho.read-limit=0",
                "-Decho.idle-timeout=-5S",
                "-Decho.no-such-key=1",
                "-Decho.socket.receive-buffer-size=1T",
                "-Decho.socket.tcp-keep-alive-idle=10H",
                "-Decho.listeners.bulk.max-connections=0",
                "-Decho.listeners.bulk.bogus=1");
        assertThat(output)
                .contains("echo.port", "-1")
                .contains("echo.mode", "loud", "once,stream")
                .contains("echo.read-limit")
                .contains("echo.linger-timeout: is empty: leave it out, or give it a value")
                .contains("echo.idle-timeout")
                .contains("echo.no-such-key")
                .contains("echo.socket.receive-buffer-size", "1T")
                .contains("echo.socket.tcp-keep-alive-idle")
                .contains("echo.listeners.bulk.max-connections")
                .contains("echo.listeners.bulk.bogus")
                .doesNotContain("\tat ");
    }

    @Test
    void writesItsLogAsJsonWhenAsked() {
        try (Program echo =
                Program.packaged("-Dquarkus.http.port=0", "-Decho.port=0", "-Dquarkus.log.console.json.enabled=true")) {
            JsonObject line = new JsonObject(echo.awaitLine("Serving on "));
            assertThat(line.getString("level")).isEqualTo("INFO");
            assertThat(line.getString("message")).startsWith("Serving on (127.0.0.1, ");
        }
    }

    /** Turkish has an i with a dot and one without; German shows that it is not the locale of the developers. */
    @ParameterizedTest
    @CsvSource({"tr, TR", "de, DE"})
    void theEnvironmentAloneIsEnoughAndItsMistakesAreListedAtOnce(String language, String country) {
        String[] locale = {"-Duser.language=" + language, "-Duser.country=" + country};
        Map<String, String> environment = new HashMap<>(Map.of(
                "QUARKUS_HTTP_PORT", "0",
                "ECHO_PORT", "0",
                "ECHO_IDLE_TIMEOUT", "90s",
                "ECHO_SHORTFALL", "WARN",
                "ECHO_LISTENERS_DEFAULT_READ_LIMIT", "3",
                "ECHO_LISTENERS_ISTANBUL_MAIN_PORT", "0",
                "ECHO_LISTENERS_ISTANBUL_MAIN_MODE", "STREAM",
                "ECHO_LISTENERS_ISTANBUL_MAIN_SOCKET_REUSE_PORT", "OFF",
                "ECHO_SERVICE_HOST", "10.96.0.1",
                "ECHO_PORT_8888_TCP", "tcp://10.96.0.1:8888"));
        try (Program echo = Program.packaged(environment, locale)) {
            String line = echo.awaitLine("Serving on ");
            assertThat(line).contains("istanbul-main (127.0.0.1, ");
            echoes(bound(line).get(1));
            try (Peer peer = Peer.connect(bound(line).get(0))) {
                peer.send("hello").expect("hel").fin().expectFin();
            }
        }
        environment.putAll(Map.of(
                "ECHO_PROT", "7",
                "ECHO_LISTENERS_ISTANBUL_MAIN_MOD", "stream",
                "ECHO_HOST", "127.0.0.1, ",
                "ECHO_SOCKET_TCP_NO_DELAY", "enabled",
                "ECHO_SOCKET_SO_LINGER", "500MS",
                "ECHO_PORT", "tcp://10.96.0.1:8888"));
        try (Program echo = Program.packaged(environment, locale)) {
            assertThat(echo.awaitExit()).isEqualTo(1);
            assertThat(echo.output().lines())
                    .hasSize(7)
                    .anyMatch(line -> line.contains("echo.prot: no such key (the environment as ECHO_PROT)"))
                    .anyMatch(line -> line.contains("ECHO_LISTENERS_ISTANBUL_MAIN_MOD"))
                    .anyMatch(line -> line.contains("echo.host: has a blank element"))
                    .anyMatch(line -> line.contains("echo.socket.tcp-no-delay: ") && line.contains("enabled"))
                    .anyMatch(line -> line.contains("echo.socket.so-linger: ") && line.contains("500MS"))
                    .anyMatch(line -> line.contains("echo.port: ") && line.contains("enableServiceLinks: false"));
        }
    }

    @Test
    void servesWithoutAFolderForTemporaryFilesAndSaysSo(@TempDir Path folder) {
        Path missing = folder.resolve("missing");
        try (Program echo = Program.packaged(
                "-Djava.io.tmpdir=" + missing, "-Decho.port=0", "-Decho.mode=stream", "-Dquarkus.http.port=0")) {
            echoes(bound(echo.awaitLine("Serving on ")).get(0));
            assertThat(echo.output())
                    .contains("java.io.tmpdir " + missing + " cannot be written to")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aListenersNameIsShownWithoutWhatATerminalActsOn() {
        assertThat(failsToStart(
                        "-Decho.listeners.\"a\u001b[31mb\nc\".port=1",
                        "-Decho.listeners." + "x".repeat(10_000) + ".port=1"))
                .contains("\\u001b[31mb\\u000ac", "xxx...")
                .doesNotContain("\u001b");
    }

    /** What deals with a failed start needs classes, too; the event loops that ran already kept the process alive. */
    @ParameterizedTest
    @ValueSource(strings = {"12m", "20m"})
    void endsWithALineWhereThereIsNoRoomForItsClasses(String room) {
        try (Program echo =
                Program.packaged("-XX:MaxMetaspaceSize=" + room, "-Decho.port=0", "-Dquarkus.http.port=0")) {
            assertThat(echo.awaitExit(Duration.ofSeconds(30))).as(echo.output()).isEqualTo(1);
            assertThat(echo.output())
                    .containsPattern("tcp-echo cannot (start|go on): .*(OutOfMemory|NoClassDefFound)Error");
        }
    }

    @Test
    void namesBothListenersOfOnePort() {
        assertThat(failsToStart("-Decho.port=7777", "-Decho.listeners.bulk.port=7777"))
                .contains("default", "bulk", "echo.port", "echo.listeners.bulk.port", "7777")
                .doesNotContain("\tat ");
    }

    @Test
    void namesListenerHostAndPortWhenThePortIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(failsToStart("-Decho.port=" + taken.getLocalPort()))
                    .contains("listener default", "127.0.0.1", String.valueOf(taken.getLocalPort()), "in use")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void namesTheSidePortWhenThatIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(failsToStart("-Decho.port=0", "-Dquarkus.http.port=" + taken.getLocalPort()))
                    .contains("side port", "127.0.0.1", String.valueOf(taken.getLocalPort()), "in use")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void namesAnUnknownHost() {
        assertThat(failsToStart("-Decho.host=no-such-host.invalid"))
                .contains("listener default", "echo.host", "no-such-host.invalid", "8888")
                .doesNotContain("\tat ");
    }

    @Test
    void namesAHostThatIsNotOurs() {
        assertThat(failsToStart("-Decho.host=192.0.2.1", "-Decho.port=0"))
                .contains("listener default", "192.0.2.1", "does not have that address")
                .doesNotContain("\tat ");
    }

    @Test
    void freesTheFirstListenerWhenTheSecondFails() throws IOException {
        int first = Ports.free();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            failsToStart("-Decho.port=" + first, "-Decho.listeners.bulk.port=" + taken.getLocalPort());
        }
        new ServerSocket(first).close();
    }

    @Test
    void servesEveryAddressOfEveryListenerAndLogsThePortsTaken() {
        try (Program echo = Program.packaged(
                "-Dquarkus.http.port=0",
                "-Decho.host=127.0.0.1,::1",
                "-Decho.port=0",
                "-Decho.listeners.bulk.host=localhost",
                "-Decho.listeners.bulk.port=0",
                "-Decho.listeners.bulk.mode=stream",
                "-Decho.listeners.bulk.max-connections=100")) {
            String line = echo.awaitLine("Serving on ");
            List<InetSocketAddress> bound = bound(line);
            assertThat(bound).hasSizeGreaterThanOrEqualTo(3).allMatch(address -> address.getPort() > 0);
            assertThat(line).contains("(::1, ").contains("bulk (127.0.0.1, ");
            bound.forEach(StartIT::echoes);
            assertThat(echo.output()).doesNotContain("WARN").doesNotContain("ERROR");
        }
    }

    @Test
    void bindsAllInterfacesForAStar() {
        try (Program echo = Program.packaged("-Dquarkus.http.port=0", "-Decho.host=*", "-Decho.port=0")) {
            int port = bound(echo.awaitLine("Serving on ")).get(0).getPort();
            echoes(new InetSocketAddress("127.0.0.1", port));
            echoes(new InetSocketAddress("::1", port));
        }
    }

    /** A machine without IPv6 is what this JVM is told. */
    @ParameterizedTest
    @CsvSource({"'::', WARN", "*, INFO"})
    void saysThatAllIsIpv4AloneWhereThereIsNoIpv6(String host, String level) {
        try (Program echo = Program.packaged(
                "-Djava.net.preferIPv4Stack=true", "-Dquarkus.http.port=0", "-Decho.host=" + host, "-Decho.port=0")) {
            String line = echo.awaitLine("Serving on (0.0.0.0, ");
            assertThat(echo.awaitLine("there is no IPv6")).contains(level, "listener default", "host " + host);
            echoes(new InetSocketAddress("127.0.0.1", bound(line).get(0).getPort()));
        }
    }

    /** Why a bind failed is known by errno: words come in the language of the system. */
    @ParameterizedTest
    @CsvSource({"de_DE.UTF-8, true", "de_DE.UTF-8, false", "ja_JP.UTF-8, true", "ja_JP.UTF-8, false"})
    void saysWhyABindFailedInAnyLanguage(String locale, boolean epoll) throws IOException {
        Map<String, String> environment = Map.of("LC_ALL", locale);
        String transport = "-Dquarkus.vertx.prefer-native-transport=" + epoll;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Program inUse = Program.packaged(
                        environment, transport, "-Dquarkus.http.port=0", "-Decho.port=" + taken.getLocalPort());
                Program notOurs = Program.packaged(
                        environment, transport, "-Dquarkus.http.port=0", "-Decho.host=192.0.2.1", "-Decho.port=0")) {
            assertThat(inUse.awaitExit()).isEqualTo(1);
            assertThat(inUse.output())
                    .contains("the port is in use by another process, which listens on (127.0.0.1, ")
                    .doesNotContain("\tat ");
            assertThat(notOurs.awaitExit()).isEqualTo(1);
            assertThat(notOurs.output())
                    .contains("this machine does not have that address")
                    .doesNotContain("\tat ");
        }
    }

    /** A second instance that was started by accident gets a part of the connections. */
    @Test
    void aSecondInstanceNamesTheFirstAndTheKeyThatPreventsIt() {
        try (Program first = Program.packaged("-Dquarkus.http.port=0", "-Decho.port=0")) {
            InetSocketAddress shared = bound(first.awaitLine("Serving on ")).get(0);
            try (Program second = Program.packaged("-Dquarkus.http.port=0", "-Decho.port=" + shared.getPort())) {
                assertThat(second.awaitLine("another process listens on"))
                        .contains("WARN", "(127.0.0.1, " + shared.getPort() + ")", "echo.socket.reuse-port=false");
            }
            assertThat(failsToStart(
                            "-Dquarkus.http.port=0",
                            "-Decho.port=" + shared.getPort(),
                            "-Decho.socket.reuse-port=false"))
                    .contains("in use by another process", String.valueOf(shared.getPort()));
        }
    }

    @Test
    void servesOnNioAndSaysSoWhenTheNativeTransportIsMissing() {
        try (Program echo =
                Program.packaged("-Dquarkus.http.port=0", "-Decho.port=0", "-Dio.netty.transport.noNative=true")) {
            assertThat(echo.awaitLine("native transport")).contains("WARN", "NIO");
            String line = echo.awaitLine("Serving on ");
            assertThat(line).contains("transport nio");
            echoes(bound(line).get(0));
        }
    }

    @Test
    void warnsOnceOfAnOptionThatTheTransportCannotDo() {
        try (Program echo = Program.packaged(
                "-Dquarkus.http.port=0",
                "-Decho.port=0",
                "-Dquarkus.vertx.prefer-native-transport=false",
                "-Decho.socket.tcp-user-timeout=30S")) {
            echo.awaitLine("Serving on ");
            assertThat(echo.output().lines().filter(line -> line.contains("WARN")))
                    .singleElement()
                    .asString()
                    .contains("TCP_USER_TIMEOUT", "ignored");
        }
    }

    private static void echoes(InetSocketAddress address) {
        try (Peer peer = Peer.connect(address)) {
            peer.send("hello").expect("hello").fin().expectFin();
        }
    }

    private static List<InetSocketAddress> bound(String line) {
        List<InetSocketAddress> bound = new ArrayList<>();
        Matcher matcher = BOUND.matcher(line.substring(line.indexOf("Serving on ")));
        while (matcher.find()) {
            bound.add(new InetSocketAddress(matcher.group(1), Integer.parseInt(matcher.group(2))));
        }
        return bound;
    }

    private static String failsToStart(String... options) {
        try (Program echo = Program.packaged(options)) {
            assertThat(echo.awaitExit()).isEqualTo(1);
            return echo.output();
        }
    }
}
