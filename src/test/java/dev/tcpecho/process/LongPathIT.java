package dev.tcpecho.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.PackagedEcho;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Transports;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A path that takes its time: who is named as the limit, and that no close waits for another connection. */
@SuppressWarnings("try") // the network is there by being open
class LongPathIT {
    private static final int SMALL = 7070;

    private static PackagedEcho start(Transports transport, String... more) {
        List<String> properties = new ArrayList<>(List.of(more));
        properties.addAll(List.of(
                "echo.host=" + Network.ECHO,
                "quarkus.http.host=" + Network.SIDE_PORT,
                "echo.side-port.hosts=" + Network.SIDE_PORT,
                "echo.drain-delay=0S"));
        return PackagedEcho.launch(transport, Network.shell(), Ports.free(), properties.toArray(String[]::new))
                .awaitReady();
    }

    @Test
    void theLimitIsTheSendBufferTheLossOrTheRoundTrip() {
        byte[] bytes = new byte[4 << 20];
        new Random(14).nextBytes(bytes);
        try (Network network = Network.relayed(20, 3);
                PackagedEcho echo = start(
                        Transports.EPOLL,
                        "echo.mode=stream",
                        "echo.connections.enabled=true",
                        "echo.listeners.small.host=" + Network.ECHO,
                        "echo.listeners.small.port=" + SMALL,
                        "echo.listeners.small.mode=stream",
                        "echo.listeners.small.max-connections=100",
                        "echo.max-connections=100",
                        "echo.listeners.small.socket.send-buffer-size=4K")) {
            try (Peer peer = Peer.connect(new InetSocketAddress(echo.address().getAddress(), SMALL))) {
                limit(echo, peer, bytes, "send-buffer", "echo.listeners.small.socket.send-buffer-size");
            }
            try (Peer peer = echo.connect()) {
                limit(echo, peer, bytes, "network", "% of the bytes were sent again");
            }
            try (Peer peer = echo.connect()) { // what is small is not lost
                await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                    peer.send("x").expect("x");
                    assertThat(limitedBy(echo, peer).getString("by")).isEqualTo("network");
                });
                assertThat(limitedBy(echo, peer).getString("note")).contains("a round trip takes 4");
            }
        }
    }

    /** While the bytes are on their way. */
    private static void limit(PackagedEcho echo, Peer peer, byte[] bytes, String by, String note) {
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> peer.trySend(bytes));
        CompletableFuture<byte[]> reading = CompletableFuture.supplyAsync(() -> peer.read(bytes.length));
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonObject limit = limitedBy(echo, peer);
            assertThat(limit.getString("by")).as(limit::encode).isEqualTo(by);
            assertThat(limit.getString("note")).contains(note);
        });
        peer.reset();
        assertThat(sending.handle((done, failure) -> true).join()).isTrue();
        assertThat(reading.handle((done, failure) -> true).join()).isTrue();
    }

    private static JsonObject limitedBy(PackagedEcho echo, Peer peer) {
        InetSocketAddress client = (InetSocketAddress) peer.socket().getLocalSocketAddress();
        JsonArray found = new JsonObject(
                        echo.get("/connections?remote=" + client.getHostString() + ":" + client.getPort()))
                .getJsonArray("connections");
        assertThat(found).hasSize(1); // its SYN may still be on the way
        return found.getJsonObject(0).getJsonObject("limitedBy");
    }

    /** A linger time of a minute: a single close that waited for its own would hold up the others for as long. */
    @ParameterizedTest
    @EnumSource
    void noCloseWaitsForAnotherConnectionHoweverLongItLingers(Transports transport) {
        try (Network network = Network.relayed(50, 0);
                PackagedEcho echo = start(
                        transport,
                        "echo.socket.so-linger=60S",
                        "echo.socket.send-buffer-size=64K",
                        "echo.max-connections=1000",
                        "echo.drain-timeout=1S",
                        "echo.listeners.long.host=" + Network.ECHO,
                        "echo.listeners.long.port=" + SMALL,
                        "echo.listeners.long.max-connections=100",
                        "echo.listeners.long.mode=stream")) {
            List<Peer> stalled = new ArrayList<>();
            for (int i = 0; i < 20; i++) { // what they never read is the kernel's when the service ends
                Peer peer = Peer.connect(new InetSocketAddress(echo.address().getAddress(), SMALL), 4096);
                stalled.add(peer.send(new byte[10_000]));
            }
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Thread client = new Thread(
                        () -> echo.connect().send("x").expect("x").expectFin().close());
                clients.add(client);
                client.start();
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> clients.stream().noneMatch(Thread::isAlive));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> echo.meter("echo_connections_closed_total", "listener=\"default\"") == 200);
            assertThat(echo.meter("echo_connections_closed_total", "listener=\"default\"", "\"complete\""))
                    .isEqualTo(200);
            await().until(() -> echo.meter("echo_bytes_sent_total", "listener=\"long\"") == 20 * 10_000);

            assertThat(echo.signal("TERM").awaitExit(Duration.ofSeconds(30))).isEqualTo(143);
            assertThat(echo.log()).contains("Drained: 0 connections finished, 20 were forced");
            stalled.forEach(Peer::close);
        }
    }
}
