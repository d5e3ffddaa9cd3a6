package dev.tcpecho.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.PackagedEcho;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Program;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signals to the process. */
class ShutdownIT {
    private static final int SIGTERM_EXIT = 128 + 15;
    private static final Duration BOUND = Duration.ofSeconds(5);

    @ParameterizedTest
    @EnumSource
    void endsOnSigtermWithoutAStackTraceAndThePortIsFreeAtOnce(Transports transport) {
        int port = Ports.free();
        try (PackagedEcho echo = PackagedEcho.launch(transport, "exec", port).awaitReady()) {
            try (Peer peer = echo.connect()) {
                peer.send("x").expect("x").expectFin();
            }
            assertThat(echo.signal("TERM").awaitExit(BOUND)).isEqualTo(SIGTERM_EXIT);
            assertThat(echo.log()).contains("Draining", "Drained").doesNotContain("Exception", "\tat ");
        }
        try (PackagedEcho again = PackagedEcho.launch(transport, "exec", port).awaitReady();
                Peer peer = again.connect()) {
            peer.send("y").expect("y");
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersHealthAndMetricsTruthfullyUntilTheDrainIsOver(Transports transport) {
        try (PackagedEcho echo = PackagedEcho.start(transport, "echo.mode=stream", "echo.drain-timeout=3S");
                Peer idle = echo.connect();
                Peer busy = echo.connect()) {
            idle.send("i").expect("i");
            busy.send("b").expect("b");
            echo.signal("TERM");
            await().until(() -> echo.meter("echo_state", "draining") == 1);
            assertThat(echo.status("/q/health/ready")).isEqualTo(503);
            assertThat(echo.status("/q/health/live")).isEqualTo(200);
            assertThat(echo.status("/socket-options")).isEqualTo(200);
            echo.signal("TERM"); // a second one changes nothing
            busy.send("more").expect("more").fin().expectFin();
            await().until(() -> echo.meter("echo_connections_closed_total", "peer_fin") == 1);
            assertThat(echo.meter("echo_connections_active")).isEqualTo(1);
            assertThat(echo.awaitExit(BOUND.plusSeconds(3))).isEqualTo(SIGTERM_EXIT);
            idle.expectFin();
            assertThat(echo.log())
                    .contains("Drained: 1 connections finished, 1 were forced")
                    .doesNotContain("Exception", "\tat ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void forcesPeersThatNeverReadAtTheDrainTimeout(Transports transport) {
        try (PackagedEcho echo = PackagedEcho.start(transport, "echo.mode=stream", "echo.drain-timeout=0.5S");
                Peer deaf = Peer.connect(echo.address(), 4096)) {
            CompletableFuture<Void> shouting = CompletableFuture.runAsync(deaf::sendForEver);
            await().until(() -> echo.meter("echo_bytes_received_total") > 1 << 20);
            assertThat(echo.signal("TERM").awaitExit(BOUND)).isEqualTo(SIGTERM_EXIT);
            shouting.join();
            assertThat(echo.log()).contains("Drained: 0 connections finished, 1 were forced");
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsOnSigtermAtAnyMomentOfItsStart(Transports transport) {
        for (int millis = 150; millis <= 900; millis += 150) {
            try (PackagedEcho echo = PackagedEcho.launch(transport, "exec", Ports.free())) {
                await().during(Duration.ofMillis(millis)).until(echo::isAlive);
                echo.signal("TERM");
                assertThat(echo.awaitExit(BOUND)).isEqualTo(SIGTERM_EXIT);
                assertThat(echo.log()).doesNotContain("Exception", "\tat ");
            }
        }
    }

    /** Quarkus closes the console once it has said that it stopped; the thread that writes is still behind. */
    @Test
    void theLastLineArrivesEveryTime() {
        for (int round = 0; round < 6; round++) {
            try (Program echo =
                    Program.packaged("-XX:Flags=src/main/docker/jvm.flags", "-Dquarkus.http.port=0", "-Decho.port=0")) {
                echo.awaitLine("Serving on ");
                echo.process().toHandle().destroy(); // that of Process closes the pipe as well
                assertThat(echo.awaitExit()).isEqualTo(SIGTERM_EXIT);
                assertThat(echo.output().lines().reduce((before, last) -> last).orElseThrow())
                        .as(echo.output())
                        .contains("stopped in");
            }
        }
    }

    /** Its pipe is full; what no longer fits is dropped, by the event loops and by the end. */
    @Test
    void endsInTimeWhenNobodyReadsItsLog() throws IOException {
        int port = Ports.free();
        Process echo = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dquarkus.http.port=0",
                        "-Decho.port=" + port,
                        "-Decho.drain-timeout=1S",
                        "-Dquarkus.log.category.\"dev.tcpecho\".level=DEBUG",
                        "-jar",
                        Path.of("target", "quarkus-app", "quarkus-run.jar").toString())
                .redirectErrorStream(true)
                .start();
        try {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
            await().atMost(Duration.ofSeconds(60)).until(() -> isListening(address));
            for (int i = 0; i < 600; i++) { // each logs some 500 bytes; the pipe takes 64 KiB
                try (Peer peer = Peer.connect(address)) {
                    peer.send("x").expect("x").fin().expectFin();
                }
            }
            echo.toHandle().destroy();
            assertThat(echo.onExit()
                            .completeOnTimeout(null, 20, TimeUnit.SECONDS)
                            .join())
                    .isNotNull();
            assertThat(echo.exitValue()).isEqualTo(SIGTERM_EXIT);
        } finally {
            echo.destroyForcibly().onExit().join();
        }
    }

    private static boolean isListening(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void canBindAtOnceAfterSigkillWithConnectionsOpen(Transports transport) {
        int port = Ports.free();
        try (PackagedEcho echo =
                PackagedEcho.launch(transport, "exec", port, "echo.mode=stream").awaitReady()) {
            Peer peer = echo.connect().send("x").expect("x");
            echo.signal("KILL").awaitExit(BOUND);
            peer.close();
        }
        try (PackagedEcho again = PackagedEcho.launch(transport, "exec", port).awaitReady();
                Peer peer = again.connect()) {
            peer.send("y").expect("y").expectFin();
        }
    }

    /** A stopped process is what a suspended machine and a jump of the clock look like. */
    @ParameterizedTest
    @EnumSource
    void closesNobodyForTimeThatItDidNotRun(Transports transport) {
        try (PackagedEcho echo = PackagedEcho.start(transport, "echo.mode=stream", "echo.idle-timeout=2S");
                Peer peer = echo.connect()) {
            peer.send("x").expect("x");
            echo.signal("STOP");
            await().during(Duration.ofSeconds(3)).until(echo::isAlive);
            echo.signal("CONT");
            peer.send("y").expect("y").fin().expectFin();
            await().until(() -> echo.meter("echo_connections_closed_total", "peer_fin") == 1);
            assertThat(echo.meter("echo_connections_closed_total", "\"idle\"")).isZero();
        }
    }
}
