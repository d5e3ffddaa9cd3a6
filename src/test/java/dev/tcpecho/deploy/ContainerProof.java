package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Program;
import dev.tcpecho.testing.StalledCrowd;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The image under the rendered chart, in real containers; run by the profile {@code container}. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ContainerProof {
    private static final Path WORK = Path.of(System.getProperty("container.work"));
    private static final Podman PODMAN = new Podman(WORK);
    private static final int SIGTERM_EXIT = 128 + 15;
    private static final int IDLE_CONNECTIONS = 10_000;
    private static final int STALLED = 400;
    private static final int CROWD = 9_800;
    private static final String VALUES = """
            replicas: 1
            image: {repository: localhost/tcp-echo}
            listeners: {default: {mode: stream}}
            shutdown: {drainDelay: 2s, drainTimeout: 8s}
            """;

    private final Random random = new Random(862);

    @BeforeAll
    static void createNetwork() {
        PODMAN.createNetwork();
    }

    @AfterEach
    void removePods() {
        PODMAN.removePods();
    }

    @AfterAll
    static void removeNetwork() {
        PODMAN.removeNetwork();
    }

    @Test
    void runsConfinedAsTheChartSaysAndEchoes() throws IOException {
        PlayedPod pod = play("confined", 1);
        assertThat(pod.proc("status"))
                .containsPattern("Uid:\t10001\t10001")
                .containsPattern("Gid:\t10001\t10001")
                .containsPattern("CapEff:\t0+\n")
                .containsPattern("CapBnd:\t0+\n")
                .containsPattern("NoNewPrivs:\t1\n")
                .containsPattern("Seccomp:\t2\n");
        assertThat(pod.proc("mounts"))
                .containsPattern("overlay / overlay ro,")
                .containsPattern(" /deployments/config \\S+ ro,")
                .containsPattern(" /tmp \\S+ rw,");
        assertThat(pod.memory().limit()).isEqualTo(128 << 20);
        if (Files.readString(WORK.resolve("build.log")).contains("AOTCache creation is complete")) {
            assertThat(pod.proc("maps")).contains("/deployments/aot/tcp-echo.aot");
        }

        byte[] bytes = bytes(1 << 20);
        try (Peer peer = pod.connect()) {
            var sent = peer.sendingAndFin(bytes);
            assertThat(peer.readUntilFin()).isEqualTo(bytes);
            sent.join();
        }
        assertThat(Chart.YAML.readTree(pod.get("/socket-options")).path("state").asText())
                .isEqualTo("serving");
        assertThat(pod.get("/q/metrics")).contains("echo_bytes_sent_total");
        assertThat(PODMAN.runImage(
                        Files.readString(WORK.resolve("image")).strip(),
                        "check",
                        "--echo",
                        pod.address() + ":8888",
                        "--mode",
                        "stream",
                        "--report",
                        "http://" + pod.address() + ":8080/socket-options",
                        "--health",
                        "http://" + pod.address() + ":8080/q/health/ready",
                        "--timeout",
                        "30s"))
                .startsWith("ok ");
        System.out.println("container: idle after its first echoes: " + pod.memory());
    }

    @Test
    void drainsAnOpenConnectionOnSigtermAndExitsCleanly() throws Exception {
        PlayedPod pod = play("drained", 2);
        byte[] bytes = bytes(200_000);
        ExecutorService stopping = Executors.newSingleThreadExecutor();
        try (Peer peer = pod.connect()) {
            peer.send("before").expect("before");
            Future<Integer> exit = stopping.submit(pod::stop);
            await().atMost(Duration.ofSeconds(10)).until(() -> pod.probe("readinessProbe") == 503);
            assertThat(pod.probe("livenessProbe")).isEqualTo(200);
            try (Peer late = pod.connect()) {
                late.send("late").expect("late").fin().expectFin();
            }
            var sent = peer.sendingAndFin(bytes);
            assertThat(peer.readUntilFin()).isEqualTo(bytes);
            sent.join();
            assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(SIGTERM_EXIT);
        } finally {
            stopping.shutdown();
        }
        assertThat(pod.logs()).contains("Drained").contains(", 0 were forced").doesNotContain("Exception");
    }

    @Test
    void holdsTenThousandIdleConnectionsBelowItsMemoryLimit() throws IOException {
        PlayedPod pod = play("crowded", 3);
        String before = pod.memory().toString();
        List<SocketChannel> idle = new ArrayList<>();
        try {
            for (int i = 0; i < IDLE_CONNECTIONS; i++) {
                idle.add(SocketChannel.open(pod.echo()));
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> pod.get("/q/metrics")
                    .contains("echo_connections_active{listener=\"default\"} " + IDLE_CONNECTIONS + ".0"));
            PlayedPod.ContainerMemory held = pod.memory();
            System.out.println("container: " + before + "; with " + IDLE_CONNECTIONS + " connections " + held);
            assertThat(pod.probe("livenessProbe")).isEqualTo(200);
            assertThat(held.now()).isLessThan(held.limit());
        } finally {
            for (SocketChannel connection : idle) {
                connection.close();
            }
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> pod.get("/q/metrics").contains("echo_connections_active{listener=\"default\"} 0.0"));
        try (Peer peer = pod.connect()) {
            peer.send("after").expect("after").fin().expectFin();
        }
        assertThat(pod.running()).isTrue();
        assertThat(pod.stop()).isEqualTo(SIGTERM_EXIT);
    }

    /** Each costs what one read left over; so many full reads would be more than the memory limit. */
    @Test
    void outlivesPeersThatNeverReadBesideManyIdleConnections() throws IOException {
        PlayedPod pod = play("stalled", 3);
        List<SocketChannel> connections = new ArrayList<>();
        try {
            for (int i = 0; i < IDLE_CONNECTIONS - 2 * STALLED; i++) {
                connections.add(SocketChannel.open(pod.echo()));
            }
            List<SocketChannel> stalled = new ArrayList<>();
            for (int i = 0; i < STALLED; i++) {
                SocketChannel peer = SocketChannel.open();
                connections.add(peer);
                stalled.add(peer);
                peer.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
                peer.connect(pod.echo());
                peer.configureBlocking(false);
            }
            StalledCrowd.sendUntilNoneTakesMore(stalled);
            System.out.println("container: with " + STALLED + " peers that never read " + pod.memory());
            byte[] bytes = bytes(1 << 20);
            try (Peer peer = pod.connect()) {
                var sent = peer.sendingAndFin(bytes);
                assertThat(peer.readUntilFin()).isEqualTo(bytes);
                sent.join();
            }
            assertThat(pod.probe("livenessProbe")).isEqualTo(200);
            assertThat(pod.get("/q/metrics"))
                    .as("no connection failed for want of memory")
                    .contains("echo_connections_closed_total{listener=\"default\",reason=\"error\"} 0.0");
        } finally {
            for (SocketChannel connection : connections) {
                connection.close();
            }
        }
        assertThat(pod.running()).isTrue();
        assertThat(pod.stop()).isEqualTo(SIGTERM_EXIT);
    }

    /**
     * What {@code echo.max-connections} admits, each holding all that it can: the budget for waiting bytes has to do.
     */
    @ParameterizedTest
    @MethodSource("crowds")
    void outlivesAsManyStalledPeersAsItAdmits(StalledCrowd crowd, int run) throws Exception {
        PlayedPod pod = play("crowd" + run, 3);
        List<SocketChannel> peers = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService beside = Executors.newCachedThreadPool();
        try {
            Future<Integer> streams = beside.submit(() -> streamWhile(() -> !over.get(), pod.echo()));
            Future<List<Long>> probes = beside.submit(() -> probeUntil(over, pod));
            crowd.come(pod.echo(), CROWD, peers);
            over.set(true);
            assertThat(streams.get(1, TimeUnit.MINUTES)).isPositive();
            long[] millis =
                    probes.get().stream().mapToLong(each -> each).sorted().toArray();
            System.out.printf(
                    "container: %d peers, %s, none of which reads: %s; probes p50 %d, p99 %d, worst %d of %d ms%n",
                    peers.size(),
                    crowd,
                    pod.memory(),
                    millis[millis.length / 2],
                    millis[millis.length * 99 / 100],
                    millis[millis.length - 1],
                    millis.length);
            assertThat(millis[millis.length / 2]).isLessThan(250);
            assertThat(pod.probe("livenessProbe")).isEqualTo(200);
            assertThat(pod.get("/q/metrics"))
                    .contains("echo_connections_active{listener=\"default\"} " + CROWD + ".0")
                    .contains("echo_connections_closed_total{listener=\"default\",reason=\"error\"} 0.0");
        } finally {
            over.set(true);
            for (SocketChannel peer : peers) {
                peer.close();
            }
            beside.shutdown();
        }
        assertThat(pod.running()).as(pod::logs).isTrue();
        assertThat(pod.logs()).doesNotContain("Exception", "OutOfMemory");
        assertThat(pod.stop()).isEqualTo(SIGTERM_EXIT);
    }

    /** {@code -Dcontainer.runs=5} repeats it. */
    static Stream<Arguments> crowds() {
        return IntStream.range(0, Integer.getInteger("container.runs", 1))
                .boxed()
                .flatMap(run -> Arrays.stream(StalledCrowd.values()).map(crowd -> Arguments.of(crowd, run)));
    }

    /** How long each took, in milliseconds. */
    private static List<Long> probeUntil(AtomicBoolean over, PlayedPod pod) {
        List<Long> millis = new ArrayList<>();
        while (!over.get()) {
            long start = System.nanoTime();
            assertThat(pod.probe("livenessProbe")).isEqualTo(200);
            millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        return millis;
    }

    /** As a Deployment with maxSurge 1 rolls: the next pod is ready before the last one is told to end. */
    @Test
    void losesNoStreamBehindALoadBalancerWhileTwoPodsAreReplaced() throws Exception {
        PlayedPod first = play("first", 1);
        PlayedPod second = play("second", 2);
        int port = Ports.free();
        Path config = Files.writeString(WORK.resolve("haproxy.cfg"), haproxy(port));
        AtomicBoolean rolling = new AtomicBoolean(true);
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try (Program haproxy = Program.start(new File("."), List.of("haproxy", "-db", "-f", config.toString()))) {
            InetSocketAddress balanced = new InetSocketAddress("127.0.0.1", port);
            // Until its first check fails, HAProxy takes a server for up.
            haproxy.awaitLine("Server echo/pod3 is DOWN");
            haproxy.awaitLine("Server echo/pod4 is DOWN");
            List<Future<Integer>> streams = new ArrayList<>();
            for (int client = 0; client < 8; client++) {
                streams.add(clients.submit(() -> streamWhile(rolling::get, balanced)));
            }

            PlayedPod third = play("third", 3);
            assertThat(first.stop()).as(first::logs).isEqualTo(SIGTERM_EXIT);
            PlayedPod fourth = play("fourth", 4);
            assertThat(second.stop()).as(second::logs).isEqualTo(SIGTERM_EXIT);

            rolling.set(false);
            int finished = 0;
            for (Future<Integer> stream : streams) {
                assertThat(stream).as(haproxy::output).succeedsWithin(Duration.ofSeconds(30));
                finished += stream.get();
            }
            System.out.println("container: " + finished + " streams during the replacement, none broken");
            assertThat(finished).isGreaterThan(streams.size());
            for (PlayedPod pod : List.of(first, second)) {
                assertThat(pod.logs()).contains("Drained").contains(", 0 were forced");
            }
            for (PlayedPod pod : List.of(third, fourth)) {
                assertThat(pod.get("/q/metrics"))
                        .as("streams reached every new pod")
                        .doesNotContain("echo_bytes_received_total{listener=\"default\"} 0.0");
            }
            assertThat(haproxy.process().isAlive()).isTrue();
        } finally {
            rolling.set(false);
            clients.shutdownNow();
        }
    }

    private static PlayedPod play(String release, int number) throws IOException {
        return PlayedPod.play(PODMAN, WORK, release, number, VALUES).awaitReady();
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Streams of about a second, one after the other; each is compared byte by byte to its end. @return how many */
    private static int streamWhile(BooleanSupplier going, InetSocketAddress address) {
        Random random = new Random();
        byte[] chunk = new byte[8192];
        int streams = 0;
        for (; going.getAsBoolean(); streams++) {
            try (Peer peer = Peer.connect(address)) {
                for (int i = 0; i < 20; i++) {
                    random.nextBytes(chunk);
                    assertThat(Arrays.equals(peer.send(chunk).read(chunk.length), chunk))
                            .as(
                                    "chunk %d of stream %d, by %s",
                                    i, streams, peer.socket().getLocalSocketAddress())
                            .isTrue();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                }
                peer.fin().expectFin();
            }
        }
        return streams;
    }

    /** Asks each pod's readiness twice a second, and turns away at the first answer that is not 200. */
    private static String haproxy(int port) {
        StringBuilder config = new StringBuilder("""
                defaults
                  log stdout format raw local0
                  option tcplog
                  mode tcp
                  timeout connect 2s
                  timeout client 60s
                  timeout server 60s
                listen echo
                  bind 127.0.0.1:%d
                  balance leastconn
                  option httpchk GET /q/health/ready
                  default-server check port 8080 inter 500ms fall 1 rise 1
                """.formatted(port));
        for (int number = 1; number <= 4; number++) {
            config.append("  server pod%d %s:8888\n".formatted(number, PODMAN.address(number)));
        }
        return config.toString();
    }
}
