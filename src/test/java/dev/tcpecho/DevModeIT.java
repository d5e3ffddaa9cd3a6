package dev.tcpecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Browser;
import dev.tcpecho.testing.DevMode;
import dev.tcpecho.testing.Footprint;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Program;
import dev.tcpecho.testing.SidePort;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real {@code quarkus:dev} on a copy of this project, whose files are edited; one session for all tests, in order.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DevModeIT {
    private static final Duration RELOAD = Duration.ofSeconds(60);
    private static final String RESET = "(reset)";

    @TempDir
    static Path project;

    private static DevMode mode;
    private static Program dev;
    private static SidePort sidePort;
    private static Path properties;
    private static int port;
    private static Footprint early;

    @BeforeAll
    static void startDevMode() throws IOException {
        port = Ports.free();
        mode = DevMode.start(project, "echo.port=" + port + "\n");
        dev = mode.program();
        properties = mode.properties();
        dev.awaitLine("Installed features");
        sidePort = mode.sidePort();
    }

    @AfterAll
    static void stopDevMode() {
        if (mode != null) {
            mode.close();
        }
    }

    @Test
    @Order(1)
    void servesAndLogsAtDebug() {
        try (Peer peer = connect(port)) {
            peer.send("hello").expect("hello").expectFin();
        }
        assertThat(dev.awaitLine("recv: b'hello'")).contains("DEBUG").containsPattern("\\[.+ \\(\\d+\\)]");
        assertThat(generation()).isEqualTo(1);
    }

    @Test
    @Order(2)
    void anEditOfAnOptionIsInForceAfterOneRequest() throws IOException {
        try (Peer open = connect(port)) {
            set("echo.socket.accept-backlog=77\necho.socket.receive-buffer-size=32K\n");
            awaitGeneration(2);
            open.expectFin();
            JsonObject socket = socket();
            assertThat(socket.getJsonObject("acceptQueue").getInteger("max")).isEqualTo(77);
            assertThat(effective(socket, "SO_RCVBUF")).isEqualTo(65536);
        }
    }

    @Test
    @Order(3)
    void anEditOfThePortFreesTheOldOne() throws IOException {
        int old = port;
        port = Ports.free();
        set("echo.port=" + port + "\n");
        awaitGeneration(3);
        assertThat(socket().getInteger("port")).isEqualTo(port);
        new ServerSocket(old).close();
        try (Peer peer = connect(port)) {
            peer.send("moved").expect("moved").expectFin();
        }
    }

    @Test
    @Order(4)
    void aReloadWhoseBindFailsIsMendedByTheNextEdit() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            set("echo.port=" + taken.getLocalPort() + "\n");
            await().atMost(RELOAD).until(() -> sidePort.get("/socket-options").statusCode() == 500);
            assertThat(dev.awaitLine("port is in use")).contains("listener default");
        }
        set("echo.port=" + port + "\n");
        await().atMost(RELOAD).until(() -> sidePort.get("/socket-options").statusCode() == 200);
        assertThat(socket().getInteger("port")).isEqualTo(port);
        try (Peer peer = connect(port)) {
            peer.send("again").expect("again").expectFin();
        }
    }

    @Test
    @Order(5)
    void anEditOfJavaIsInForceAfterOneRequest() throws IOException {
        int before = generation();
        Path handler = project.resolve("src/main/java/dev/tcpecho/server/PeerBytes.java");
        Files.writeString(handler, Files.readString(handler).replace("\"b'\"", "\"edited'\""));
        awaitGeneration(before + 1);
        try (Peer peer = connect(port)) {
            peer.send("new code").expect("new code").expectFin();
        }
        dev.awaitLine("recv: edited'new code'");
        early = Footprint.of(dev.process()); // the compiler is there, and keeps the jars that it reads open
    }

    @Test
    @Order(6)
    void aConnectionAloneSeesTheNewReadLimitModeAndBacklog() throws IOException {
        int before = generation();
        set("echo.read-limit=3\n");
        await().atMost(RELOAD).until(() -> answer("hello").equals("hel"));
        set("echo.mode=report\necho.socket.accept-backlog=9\n");
        await().atMost(RELOAD).until(() -> answer("").startsWith("{"));
        JsonObject report = new JsonObject(answer(""));
        assertThat(report.getJsonObject("acceptQueue").getInteger("max")).isEqualTo(9);
        assertThat(report.getInteger("generation")).isEqualTo(before + 2);
        set("echo.mode=stream\n");
        await().atMost(RELOAD).until(() -> answer("hello").equals("hello"));
        set("echo.mode=once\necho.read-limit=100\n");
        await().atMost(RELOAD)
                .until(() -> sidePort.get("/socket-options").body().contains("\"once\""));
    }

    @Test
    @Order(7)
    void anEditSeenByConnectionsAndARequestAtOnceReloadsOnce() throws IOException {
        int before = generation();
        set("echo.read-limit=4\n");
        await().atMost(RELOAD).until(() -> {
            List<CompletableFuture<String>> answers = Stream.generate(
                            () -> CompletableFuture.supplyAsync(() -> answer("hello")))
                    .limit(5)
                    .toList();
            sidePort.status("/socket-options"); // may meet the generation that is about to go
            return answers.stream().map(CompletableFuture::join).allMatch("hell"::equals);
        });
        await().atMost(RELOAD).until(() -> sidePort.status("/socket-options") == 200);
        assertThat(generation()).isEqualTo(before + 1);
        set("echo.read-limit=100\n");
        awaitGeneration(before + 2);
    }

    @Test
    @Order(8)
    void anEditThatCannotStartResetsConnectionsUntilTheNextConnectionSeesAGoodOne() throws IOException {
        set("echo.nonsense=1\n");
        resetsUntil(() -> mode.remove("echo.nonsense=1\n"));
    }

    @Test
    @Order(9)
    void anEditThatDoesNotCompileResetsConnectionsUntilTheNextConnectionSeesAGoodOne() throws IOException {
        Path source = project.resolve("src/main/java/dev/tcpecho/server/PeerBytes.java");
        String good = Files.readString(source);
        Files.writeString(source, good + "what is this?");
        resetsUntil(() -> Files.writeString(source, good));
    }

    private interface Mend {
        void mend() throws IOException;
    }

    private static void resetsUntil(Mend edit) throws IOException {
        long told = told();
        await().atMost(RELOAD).until(() -> answer("hello").equals(RESET));
        assertThat(answer("hello")).isEqualTo(RESET);
        await().until(() -> told() == told + 1);
        edit.mend();
        await().atMost(RELOAD).until(() -> answer("hello").equals("hello"));
        assertThat(told()).isEqualTo(told + 1);
    }

    private static long told() {
        return dev.output()
                .lines()
                .filter(line -> line.contains("Connections are reset until the next good edit"))
                .count();
    }

    /** Pasted as it stands, but for the port and, where there is none, nc; and it leaves the file as it was. */
    @Test
    @Order(10)
    void theDemonstrationOfTheReadmeShowsWhatItSaysAndUndoesItself() throws IOException {
        String settings = Files.readString(properties);
        String block = Pattern.compile("(?s)```shell\n(echo 'echo\\.read-limit.*?)```")
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1)
                .replace("127.0.0.1 8888", "127.0.0.1 " + port);
        String nc = "command -v nc >/dev/null || nc() { exec 3<>/dev/tcp/$1/$2; cat >&3; cat <&3; }\n";
        try (Program demonstration = Program.start(project.toFile(), List.of("bash", "-ec", nc + block))) {
            assertThat(demonstration.awaitExit()).as(demonstration.output()).isZero();
            assertThat(demonstration.output()).isEqualTo("hell");
        }
        assertThat(Files.readString(properties)).isEqualTo(settings);
        await().atMost(RELOAD).until(() -> answer("hello").equals("hello"));
    }

    /** The session so far, and as many reloads more as {@code -Ddev.reloads=} says. */
    @Test
    @Order(11)
    void reloadsLeaveNothingBehind() throws IOException {
        for (int more = Integer.getInteger("dev.reloads", 0); more > 0; more--) {
            int limit = 1 + more % 5;
            set("echo.read-limit=" + limit + "\n");
            await().atMost(RELOAD).until(() -> answer("hello").equals("hello".substring(0, limit)));
        }
        Footprint now = Footprint.of(dev.process());
        System.out.println("early: " + early + "; generation " + generation() + ": " + now);
        assertThat(now.descriptors()).isLessThanOrEqualTo(early.descriptors() + 10);
        assertThat(now.threads()).isLessThanOrEqualTo(early.threads() + 10);
        assertThat(now.classLoaders()).isLessThanOrEqualTo(early.classLoaders() + 8);
        assertThat(now.liveBytes()).isLessThanOrEqualTo(early.liveBytes() + (16 << 20));
    }

    @Test
    @Order(12)
    void thePageMarksWhatAnEditChanged() throws IOException {
        set("echo.socket.accept-backlog=54\n");
        await().atMost(RELOAD).until(() -> effective(socket(), "backlog") == 54);
        try (Browser browser = Browser.start()) {
            browser.open("http://" + sidePort.authority() + "/").awaitText("#verdict", "Serving");
            String before = browser.text("#options [data-key*=backlog]");
            assertThat(before).contains("backlog").doesNotContain("changed", "was");
            set("echo.socket.accept-backlog=55\n");
            browser.awaitText("#facts", "1 option changed")
                    .awaitText("#options [data-key*=backlog].changed", "accept-backlog", "changed", "55", "was");
            assertThat(browser.script("return document.querySelectorAll('#options tr.changed').length"))
                    .isEqualTo(1L);
        }
    }

    /** Quarkus looks for edits when it is asked, at most every two seconds. */
    private static void awaitGeneration(int number) {
        await().atMost(RELOAD).until(() -> generation() == number);
    }

    private static JsonObject socket() {
        return report().getJsonObject("listener").getJsonArray("sockets").getJsonObject(0);
    }

    private static int generation() {
        return report().getJsonObject("listener").getInteger("generation");
    }

    /** The report, with its only listener brought forward. */
    private static JsonObject report() {
        JsonObject report = new JsonObject(sidePort.get("/socket-options").body());
        assertThat(report.getString("state")).isEqualTo("serving");
        return report.put("listener", report.getJsonArray("listeners").getJsonObject(0));
    }

    private static int effective(JsonObject socket, String option) {
        return socket.getJsonArray("options").stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("option").equals(option))
                .findFirst()
                .orElseThrow()
                .getInteger("effective");
    }

    /** All that a connection is answered, up to the FIN. */
    private static String answer(String sent) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout((int) RELOAD.toMillis());
            socket.getOutputStream().write(sent.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException e) {
            return RESET;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void set(String keys) throws IOException {
        mode.set(keys);
    }

    private static Peer connect(int port) {
        return Peer.connect(new InetSocketAddress("127.0.0.1", port));
    }
}
