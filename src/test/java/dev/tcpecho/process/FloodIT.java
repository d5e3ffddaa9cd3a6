package dev.tcpecho.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Footprint;
import dev.tcpecho.testing.HealthyStreams;
import dev.tcpecho.testing.Latencies;
import dev.tcpecho.testing.PackagedEcho;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Program;
import dev.tcpecho.testing.TlsBuckets;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each flood with healthy streams and probes beside it, in a heap as small as the image's, one flood after the other on
 * the same process. {@code -Dflood.seconds=30} makes each last, with all of its peers.
 *
 * <p>How long anything takes depends on who else wants the processors: a short run demands that everything comes back
 * and every probe is answered, a long one, which is for a machine of its own, that they come as soon as without a
 * flood.
 */
class FloodIT {
    private static final Duration LASTS = Duration.ofSeconds(Integer.getInteger("flood.seconds", 1));
    private static final boolean LONG = LASTS.toSeconds() >= 30;
    private static final int STREAMS = 100;
    private static final Duration PACE = Duration.ofMillis(100);

    /**
     * Eight time slices of 3 ms: on two processors a trip waits for its turn twice, each time for as many as four
     * threads of the service, the streams and the probes that a flood gives something to do.
     */
    private static final double FLOOR_MILLIS = 25;

    private static final double PROBE_MILLIS = 250;
    private static final int STALLED = LONG ? 9_800 : 1_000;

    /** So many with buffers as large as they grow would take all that the kernel of a usual machine has for TCP. */
    private static final String BUFFERS = LONG ? "16K" : "";

    private static final int MIB = 1 << 20;
    private static final int PLACES = Ports.free();
    private static final int TLS = Ports.free();

    @TempDir
    private static Path folder;

    private static Path keys;
    private static PackagedEcho echo;

    /** Before the first flood. */
    private static long live;

    @BeforeAll
    static void start() {
        keys = TlsBuckets.selfSigned(folder, "flooded");
        echo = PackagedEcho.launch(
                        Transports.EPOLL,
                        "JAVA_TOOL_OPTIONS='-Xmx48m -XX:MaxDirectMemorySize=32m' exec",
                        Ports.free(),
                        "echo.mode=stream",
                        "echo.write-stall-timeout=5M",
                        "echo.socket.send-buffer-size=" + BUFFERS,
                        "echo.socket.receive-buffer-size=" + BUFFERS,
                        "echo.connections.enabled=true",
                        "echo.listeners.places.port=" + PLACES,
                        "echo.listeners.places.host=127.0.0.1",
                        "echo.listeners.places.mode=once",
                        "echo.listeners.places.max-connections=200",
                        "echo.listeners.places.max-connections-per-address=100",
                        "echo.listeners.places.first-byte-timeout=1S",
                        "echo.listeners.tls.port=" + TLS,
                        "echo.listeners.tls.host=127.0.0.1",
                        "echo.listeners.tls.mode=stream",
                        "echo.listeners.tls.max-connections=2000", // of so small a heap
                        "echo.listeners.tls.tls-configuration-name=flooded",
                        "quarkus.tls.flooded.key-store.p12.path=" + keys,
                        "quarkus.tls.flooded.key-store.p12.password=changeit")
                .awaitReady();
    }

    @AfterAll
    static void stop() {
        echo.close();
    }

    @ParameterizedTest
    @EnumSource
    void neitherTheEchoNorItsProbesNotice(Flood flood) throws IOException {
        Flood.Targets targets = new Flood.Targets(
                echo.sidePort(),
                echo.address(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), PLACES),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), TLS),
                keys,
                STALLED);
        try (HealthyStreams streams = new HealthyStreams(echo.address(), STREAMS, PACE);
                Probes probes = new Probes(targets)) {
            probes.await(3);
            if (live == 0) {
                live = liveBytes();
            }
            long lines = lines();
            double seen = seen(flood);
            streams.latencies();
            probes.latencies();
            park(LASTS.dividedBy(4));
            Latencies quiet = streams.latencies();
            Latencies quietProbes = probes.latencies();

            Latencies flooded;
            Latencies floodedProbes;
            try (Program attack = flood.start(targets)) {
                attack.awaitLine(Attackers.AT_ITS_WORST);
                park(LASTS.multipliedBy(flood.times()));
                streams.awaitATripOfEach();
                probes.await(3);
                flooded = streams.latencies();
                floodedProbes = probes.latencies();
                assertThat(attack.process().isAlive()).as(attack::output).isTrue();
            }
            System.out.printf(
                    "flood: %s: streams %s, quiet %s; probes %s, quiet %s%n",
                    flood, flooded, quiet, floodedProbes, quietProbes);

            assertThat(echo.isAlive()).as(echo::log).isTrue();
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(echo.meter("echo_connections_active", "\"default\"")).isEqualTo(STREAMS);
                assertThat(echo.meter("echo_connections_active", "\"tls\"")).isEqualTo(1);
            });
            assertThat(liveBytes() - live)
                    .as("bytes more than before any flood")
                    .isLessThan(8L * MIB);
            assertThat(lines() - lines).as(echo::log).isLessThan(100);
            assertThat(echo.log()).doesNotContain("ERROR", "Exception", "OutOfMemory");
            assertThat(echo.meter("echo_connections_closed_total", "reason=\"error\""))
                    .isZero();
            if (flood.trace().length > 0) {
                assertThat(seen(flood)).as("there was a flood").isGreaterThan(seen);
            }
            if (LONG) {
                assertThat(flooded.p99()).isLessThan(Math.max(FLOOR_MILLIS, 3 * quiet.p99()));
                assertThat(floodedProbes.p99()).isLessThan(Math.max(PROBE_MILLIS, 3 * quietProbes.p99()));
            }
        }
    }

    /** The sum over its samples; 0 for a flood without a meter of its own. */
    private static double seen(Flood flood) {
        return flood.trace().length == 0 ? 0 : echo.meter(flood.trace());
    }

    private static long liveBytes() {
        return Footprint.liveBytes(ProcessHandle.of(echo.pid()).orElseThrow());
    }

    private static long lines() {
        return echo.log().lines().count();
    }

    private static void park(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
