package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.net.EditGate;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.testing.LogsAlso;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.TlsBuckets;
import dev.tcpecho.testing.Transports;
import io.quarkus.dev.spi.HotReplacementContext;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two generations on one Vert.x, as dev mode has them; the edit is made by the search that a connection begins. */
class LiveReloadTest {
    private final int port = Ports.free();
    private Vertx vertx;
    private volatile Started running;
    private volatile String[] edit;
    private volatile Throwable problem;

    private final class Started {
        private final EchoServer server;
        private final LiveReload reload;

        Started(String... properties) {
            server = new EchoServer(vertx, RunningEcho.config(properties), new TlsBuckets());
            reload = new LiveReload(server, true, edits());
        }

        /** As {@link EchoService} does. */
        void start() {
            reload.takeOver().join();
            try {
                server.start().join();
            } catch (CompletionException e) {
                reload.failed().join();
                throw e;
            }
            reload.serving().join();
        }
    }

    /** What LiveReload asks of Quarkus: a scan, and why nothing runs. */
    private HotReplacementContext edits() {
        return (HotReplacementContext) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HotReplacementContext.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "doScan":
                            return scan();
                        case "getDeploymentProblem":
                            return problem;
                        default:
                            throw new UnsupportedOperationException(method.getName());
                    }
                });
    }

    private boolean scan() {
        String[] properties = edit;
        edit = null;
        if (properties != null) {
            running.reload.stop().join();
            Started next = new Started(properties);
            try {
                next.start();
                running = next;
                problem = null;
            } catch (CompletionException e) {
                problem = e;
            }
        }
        return properties != null;
    }

    private void start(Transports transport, String... properties) {
        transport.assumeAvailable();
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(transport == Transports.EPOLL));
        running = new Started(properties);
        running.start();
    }

    @AfterEach
    void stop() {
        if (vertx != null) {
            // A connection is answered before the search that it began is over.
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals(EditGate.SEARCH)));
            running.server.stop().join();
            Estate.ofThisSession().forget();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theConnectionThatFoundTheEditIsAnsweredByTheGenerationThatItMade(Transports transport) {
        start(transport, "echo.port=" + port, "echo.socket.accept-backlog=5", "echo.socket.reuse-port=false");
        edit = new String[] {
            "echo.port=" + port,
            "echo.mode=report",
            "echo.socket.accept-backlog=9",
            "echo.socket.reuse-port=false",
            "echo.socket.tcp-keep-alive=true"
        };
        try (Peer peer = connect(port)) {
            JsonObject report = new JsonObject(new String(peer.readUntilFin(), StandardCharsets.UTF_8));
            assertThat(report.getInteger("generation")).isEqualTo(2);
            assertThat(report.getJsonArray("options").stream()
                            .map(JsonObject.class::cast)
                            .filter(each -> each.getString("option").equals("SO_KEEPALIVE"))
                            .map(each -> each.getInteger("effective")))
                    .containsExactly(1);
        }
        ListeningSocket socket = running.server.listeners().get(0).sockets().get(0);
        await().untilAsserted(() -> assertThat(socket.acceptQueue().max()).isEqualTo(9)); // it is sampled
        assertThat(running.server.listeners().get(0).traffic().opened()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionToAPortThatTheEditTookAwayIsReset(Transports transport) throws IOException {
        start(transport, "echo.port=" + port);
        int other = Ports.free();
        edit = new String[] {"echo.port=" + other};
        expectReset();
        new ServerSocket(port).close();
        try (Peer peer = connect(other)) {
            peer.send("hello").expect("hello").expectFin();
        }
    }

    @ParameterizedTest
    @EnumSource
    @LogsAlso("Connections are reset until the next good edit: .*listener b: cannot listen")
    void aGenerationThatCannotStartLeavesThePortToWhoeverMendsIt(Transports transport) throws IOException {
        start(transport, "echo.port=" + port);
        try (ServerSocket taken = new ServerSocket(0)) {
            edit = new String[] {
                "echo.port=" + port,
                "echo.max-connections=100",
                "echo.listeners.b.max-connections=100",
                "echo.listeners.b.port=" + taken.getLocalPort()
            };
            expectReset();
        }
        edit = new String[] {"echo.port=" + port, "echo.read-limit=3"};
        // A search that found a problem holds for two seconds.
        await().until(() -> {
            ends();
            return running.server.listeners().get(0).config().readLimit() == 3;
        });
        try (Peer peer = connect(port)) {
            peer.send("hello").expect("hel").expectFin();
        }
    }

    private static Peer connect(int port) {
        return Peer.connect(new InetSocketAddress("127.0.0.1", port));
    }

    private void expectReset() {
        assertThat(ends()).isInstanceOf(SocketException.class);
    }

    /** How a connection ends whose peer says nothing; null for a FIN. */
    private IOException ends() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isNegative();
            return null;
        } catch (IOException e) {
            return e;
        }
    }
}
