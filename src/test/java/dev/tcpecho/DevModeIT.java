package dev.tcpecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.DevMode;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Program;
import dev.tcpecho.testing.SidePort;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
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

    @TempDir
    static Path project;

    private static DevMode mode;
    private static Program dev;
    private static SidePort sidePort;
    private static Path properties;
    private static int port;

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
    }

    /** Pasted as it stands, but for the ports: it shows the new generation, and leaves the file as it was. */
    @Test
    @Order(6)
    void theDemonstrationOfTheReadmeShowsWhatItSaysAndUndoesItself() throws IOException {
        int before = generation();
        String settings = Files.readString(properties);
        String readme = Files.readString(Path.of("README.md"));
        String block = Pattern.compile("(?s)```shell\\n(echo 'echo\\.socket.*?)```")
                .matcher(readme)
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        try (Program demonstration = Program.start(
                project.toFile(), List.of("bash", "-ec", block.replace("localhost:8080", sidePort.authority())))) {
            assertThat(demonstration.awaitExit()).as(demonstration.output()).isZero();
            assertThat(demonstration.output())
                    .contains("\"generation\" : " + (before + 1))
                    .contains("\"max\" : 7,");
        }
        assertThat(Files.readString(properties)).isEqualTo(settings);
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

    private static void set(String keys) throws IOException {
        mode.set(keys);
    }

    private static Peer connect(int port) {
        return Peer.connect(new InetSocketAddress("127.0.0.1", port));
    }
}
