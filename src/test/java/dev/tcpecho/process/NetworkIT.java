package dev.tcpecho.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.PackagedEcho;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Transports;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A network that loses, delays, reorders and is cut. */
class NetworkIT {
    @ParameterizedTest
    @EnumSource
    void returnsEveryByteDespiteLossDelayAndReordering(Transports transport) {
        byte[] bytes = new byte[1 << 20];
        new Random(41).nextBytes(bytes);
        try (Network network = new Network();
                PackagedEcho echo = start(transport)) {
            network.spoil("delay 50ms 20ms loss 5% reorder 25%");
            try (Peer peer = echo.connect()) {
                CompletableFuture<Void> sending = peer.sendingAndFin(bytes);
                peer.expect(bytes).expectFin();
                sending.join();
            }
            await().until(() -> echo.meter("echo_connections_closed_total", "peer_fin") == 1);
            assertThat(echo.meter("echo_bytes_sent_total")).isEqualTo(bytes.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsAnIdlePeerThatVanished(Transports transport) {
        try (Network network = new Network();
                PackagedEcho echo = start(transport, "echo.idle-timeout=1S");
                Peer peer = echo.connect()) {
            peer.send("x").expect("x");
            await().until(() -> echo.meter("echo_connections_active") == 1);
            network.vanish();
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> echo.meter("echo_connections_closed_total", "\"idle\"") == 1);
            assertThat(echo.meter("echo_connections_active")).isZero();
        }
    }

    /**
     * With a small send buffer some of the bytes are still the service's, so that NIO, which sees no more, knows too.
     */
    @ParameterizedTest
    @EnumSource
    void resetsAPeerThatVanishedWithDataInFlight(Transports transport) {
        try (Network network = new Network();
                PackagedEcho echo =
                        start(transport, "echo.write-stall-timeout=1S", "echo.socket.send-buffer-size=4608");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(peer::sendForEver);
            peer.read(1000);
            network.vanish();
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> echo.meter("echo_connections_closed_total", "write_stall") == 1);
            assertThat(echo.meter("echo_connections_active")).isZero();
            assertThat(sending).isNotDone(); // nobody told the peer, which the end of the test closes
        }
    }

    /** The kernel has taken every byte and the peer acknowledges none: epoll sees that. */
    @ParameterizedTest
    @EnumSource(names = "EPOLL")
    void resetsAPeerThatDoesNotAcknowledgeWhatTheKernelHolds(Transports transport) {
        try (Network network = new Network();
                PackagedEcho echo = start(transport, "echo.write-stall-timeout=1S");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            peer.send(new byte[20_000]);
            await().until(() -> echo.meter("echo_bytes_sent_total") == 20_000);
            network.vanish();
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> echo.meter("echo_connections_closed_total", "write_stall") == 1);
        }
    }

    private static PackagedEcho start(Transports transport, String... properties) {
        return PackagedEcho.launch(
                        transport,
                        Network.shell(),
                        Ports.free(),
                        Stream.concat(
                                        Stream.of(properties),
                                        Stream.of(
                                                "echo.mode=stream",
                                                "echo.host=" + Network.ECHO,
                                                "quarkus.http.host=" + Network.SIDE_PORT))
                                .toArray(String[]::new))
                .awaitReady();
    }
}
