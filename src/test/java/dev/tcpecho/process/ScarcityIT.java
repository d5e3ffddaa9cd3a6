package dev.tcpecho.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.PackagedEcho;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.PlainEcho;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Program;
import dev.tcpecho.testing.Strace;
import dev.tcpecho.testing.TlsBuckets;
import dev.tcpecho.testing.TlsPeer;
import dev.tcpecho.testing.Transports;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the process runs out of: descriptors, ports, somebody who reads its log. {@code -Dsoak.storm=28000} makes the
 * storm take every port that one client has.
 */
class ScarcityIT {
    private static final int HELD = Integer.getInteger("soak.held", 1000);
    private static final int STORM = Integer.getInteger("soak.storm", 4000);

    private static final int UNREAD = 250;
    private static final long DIRECT_MEMORY = 4 << 20;

    /** With fewer, classes cannot be read from their jars: it hung or ended without a word. */
    @ParameterizedTest
    @EnumSource
    void saysThatItMayOpenTooFewFilesAndStartsWithTheLeast(Transports transport) {
        try (PackagedEcho echo = PackagedEcho.launch(transport, "ulimit -n 119; exec", Ports.free())) {
            assertThat(echo.awaitExit(Duration.ofSeconds(20))).isEqualTo(1);
            assertThat(echo.log()).contains("may open 119 files, and needs 120 at least");
        }
        try (PackagedEcho echo = PackagedEcho.launch(transport, "ulimit -n 120; exec", Ports.free())) {
            echo.awaitReady();
        }
    }

    @ParameterizedTest
    @EnumSource
    void survivesHavingNoDescriptorLeft(Transports transport) {
        try (PackagedEcho echo = PackagedEcho.launch(transport, "ulimit -n 400; exec", Ports.free(), "echo.mode=stream")
                .awaitReady()) {
            assertThat(echo.log()).containsPattern("WARN .*lowered to \\d+");
            int limit = (int) echo.meter("echo_connections_limit");
            // Those that are in use by others leave too little: a soft limit, lowered while it runs, stands for them.
            prlimit(echo, descriptors(echo) + 20);
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                peers.add(echo.connect());
            }
            long cpuBefore = cpuMillis(echo);
            await().during(Duration.ofSeconds(3)).until(() -> cpuMillis(echo) - cpuBefore < 1500);
            long warnings = Pattern.compile("accept failed")
                    .matcher(echo.log())
                    .results()
                    .count();
            assertThat(warnings).isBetween(1L, 5L);
            peers.forEach(Peer::close);
            prlimit(echo, 400);
            long freed = System.nanoTime();
            try (Peer peer = echo.connect()) {
                peer.send("x").expect("x");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - freed)).isLessThan(Duration.ofSeconds(2));
            await().until(() -> echo.status("/q/health/ready") == 200);
            assertThat(echo.status("/q/health/live")).isEqualTo(200);
            assertThat(echo.meter("echo_accept_errors_total")).isPositive();
            assertThat(limit).isBetween(1, 400);
            assertThat(echo.log()).doesNotContain("NoClassDefFoundError");
        }
    }

    /** Only EMFILE is about the descriptors of this process; the JDK tells words alone. */
    @ParameterizedTest
    @CsvSource({
        "EPOLL, EMFILE, raise its descriptor limit or lower max-connections",
        "EPOLL, ENFILE, fs.file-max",
        "EPOLL, ENOBUFS, net.ipv4.tcp_mem",
        "EPOLL, EPERM, firewall",
        "NIO, ENOMEM, trying again shortly",
    })
    void saysWhatAFailedAcceptIsAbout(Transports transport, String error, String advice) {
        try (PackagedEcho echo = PackagedEcho.start(transport)) {
            echo.connect().send("x").expect("x").expectFin().close();
            String calls = "accept,accept4";
            try (Strace tracer =
                    Strace.attach(echo.pid(), "trace=" + calls, "inject=" + calls + ":error=" + error + ":when=1")) {
                assertThat(tracer.isAttached()).isTrue();
                try (Peer peer = echo.connect()) {
                    peer.send("later").expect("later").expectFin();
                }
            }
            assertThat(echo.log()).containsOnlyOnce("accept failed").containsOnlyOnce(advice);
            assertThat(echo.log().contains("descriptor limit")).isEqualTo(error.equals("EMFILE"));
        }
    }

    /** What TLS makes of characters that nobody reads waits in memory that counts, or is not made. */
    @Test
    void speaksThroughTlsOnlyWhereThereIsRoom(@TempDir Path folder) throws IOException {
        Path keys = TlsBuckets.selfSigned(folder, "loud");
        List<TlsPeer> peers = new ArrayList<>();
        try (PackagedEcho echo = launchWithLittleMemory(
                "echo.mode=chargen",
                "echo.tls-configuration-name=loud",
                "quarkus.tls.loud.key-store.p12.path=" + keys,
                "quarkus.tls.loud.key-store.p12.password=changeit")) {
            for (int i = 0; i < UNREAD; i++) {
                peers.add(TlsPeer.connect(echo.address(), TlsBuckets.context(null, keys)));
            }
            assertThat(pendingBytes(echo)).isBetween(1L, DIRECT_MEMORY / 2 / 4);
            // Who goes makes room for the others.
            try (TlsPeer last = peers.remove(UNREAD - 1)) {
                for (TlsPeer each : peers) {
                    each.close();
                }
                assertThat(new String(last.read(200_000), StandardCharsets.US_ASCII))
                        .startsWith(" !\"#$%&'()");
            }
        }
    }

    @Test
    void reportsToThoseWhoDoNotReadOnlyWhereThereIsRoom() {
        List<Peer> peers = new ArrayList<>();
        try (PackagedEcho echo = launchWithLittleMemory("echo.mode=report")) {
            for (int i = 0; i < UNREAD * 2; i++) {
                peers.add(Peer.connect(echo.address(), 2048));
            }
            assertThat(pendingBytes(echo)).isBetween(1L, DIRECT_MEMORY / 2);
            assertThat(echo.status("/q/health/live")).isEqualTo(200);
            try (Peer last = peers.remove(peers.size() - 1)) {
                peers.forEach(Peer::close);
                assertThat(new JsonObject(new String(last.readUntilFin(), StandardCharsets.UTF_8))
                                .getString("listener"))
                        .isEqualTo("default");
            }
            assertThat(echo.log()).doesNotContain("Exception", "OutOfMemory");
        }
    }

    private static PackagedEcho launchWithLittleMemory(String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("echo.connections.enabled=true");
        all.add("echo.socket.send-buffer-size=4K");
        return PackagedEcho.launch(
                        Transports.EPOLL,
                        "JAVA_TOOL_OPTIONS=-XX:MaxDirectMemorySize=" + DIRECT_MEMORY + " exec",
                        Ports.free(),
                        all.toArray(String[]::new))
                .awaitReady();
    }

    private static long pendingBytes(PackagedEcho echo) {
        return new JsonObject(echo.get("/connections?limit=1000"))
                .getJsonArray("connections").stream()
                        .mapToLong(each ->
                                ((JsonObject) each).getJsonObject("write").getLong("pendingBytes"))
                        .sum();
    }

    /** As at fs.epoll.max_user_watches: no connection can be polled. A clean end would look like an empty echo. */
    @Test
    void resetsWhatCannotBeRegisteredAndLosesNoDescriptor() {
        try (PackagedEcho echo = PackagedEcho.start(Transports.EPOLL)) {
            for (int i = 0; i < 8; i++) { // every event loop runs before it is traced
                echo.connect().send("hello").expect("hello").expectFin().close();
            }
            long before = sockets(echo); // how many jars are open is the class loader's affair
            try (Strace tracer = Strace.attach(echo.pid(), "trace=epoll_ctl", "inject=epoll_ctl:error=ENOSPC")) {
                assertThat(tracer.isAttached()).isTrue();
                for (int i = 0; i < 20; i++) {
                    Peer.tryConnect(echo.address())
                            .ifPresent(peer -> peer.expectReset().close());
                    Peer.tryConnect(echo.address()).ifPresent(peer -> {
                        peer.trySend(new byte[100]);
                        peer.expectReset().close();
                    });
                }
            }
            try (Peer peer = echo.connect()) {
                peer.send("hello").expect("hello").expectFin();
            }
            await().until(() -> echo.meter("echo_connections_active") == 0);
            assertThat(echo.meter("echo_connections_closed_total", "error")).isBetween(20.0, 40.0);
            assertThat(echo.meter("echo_accept_errors_total")).isZero();
            await().until(() -> sockets(echo) <= before + 2);
            assertThat(echo.log()).contains("a connection failed and was reset", "(-28)");
        }
    }

    /** Whatever the error, the bytes are missing: a FIN behind them would look like an end. */
    @ParameterizedTest
    @CsvSource({
        "EPOLL, once, sendto, ENOBUFS",
        "EPOLL, stream, sendto, ENOMEM",
        "EPOLL, stream, sendto, EPIPE",
        "EPOLL, stream, recvfrom, ETIMEDOUT",
        "NIO, stream, write, ENOBUFS"
    })
    void resetsAPeerWhoseBytesCannotBeSent(Transports transport, String mode, String call, String error) {
        try (PackagedEcho echo = PackagedEcho.start(transport, "echo.mode=" + mode)) {
            for (int i = 0; i < 8; i++) { // every event loop runs before it is traced
                echo.connect().send("hello").expect("hello").fin().expectFin().close();
            }
            try (Peer peer = echo.connect()) {
                await().until(() -> echo.meter("echo_connections_active") == 1);
                try (Strace tracer =
                        Strace.attach(echo.pid(), "trace=" + call, "inject=" + call + ":error=" + error + ":when=1")) {
                    assertThat(tracer.isAttached()).isTrue();
                    peer.trySend(new byte[50]);
                    peer.expectReset();
                }
            }
            try (Peer peer = echo.connect()) {
                peer.send("hello").expect("hello").fin().expectFin();
            }
            await().until(() -> echo.meter("echo_connections_active") == 0);
        }
    }

    /** Netty closes the channel then, before it tells anybody that the flush failed. */
    @ParameterizedTest
    @EnumSource
    void resetsAPeerForWhichBytesWaitedThatCannotBeSent(Transports transport) {
        try (PackagedEcho echo =
                        PackagedEcho.start(transport, "echo.mode=stream", "echo.socket.send-buffer-size=20000");
                Peer peer = Peer.connect(echo.address(), 4000)) {
            peer.send(new byte[60_000]).fin();
            await().until(() -> echo.meter("echo_bytes_received_total") == 60_000);
            try (Strace tracer = Strace.attach(echo.pid(), "trace=writev", "inject=writev:error=ENOBUFS:when=1")) {
                assertThat(tracer.isAttached()).isTrue();
                peer.expectReset();
            }
            await().until(() -> echo.meter("echo_connections_active") == 0);
        }
    }

    /**
     * Netty asks some things of the kernel before there is a channel that could be closed. The peer sends nothing:
     * bytes that were not read would make a reset of any close.
     */
    @ParameterizedTest
    @CsvSource({
        "EPOLL, getsockname, 1",
        "EPOLL, setsockopt, 1",
        "EPOLL, getsockopt, 1",
        "NIO, fcntl, 3", // two are the JDK's own
        "NIO, getsockopt, 1"
    })
    void resetsWhatCannotBecomeAChannelAndLosesNoDescriptor(Transports transport, String call, int which) {
        try (PackagedEcho echo = PackagedEcho.start(transport)) {
            for (int i = 0; i < 8; i++) { // every event loop runs before it is traced
                echo.connect().send("hello").expect("hello").expectFin().close();
            }
            long before = sockets(echo);
            try (Strace tracer =
                    Strace.attach(echo.pid(), "trace=" + call, "inject=" + call + ":error=ENOBUFS:when=" + which)) {
                assertThat(tracer.isAttached()).isTrue();
                Peer.tryConnect(echo.address())
                        .ifPresent(peer -> peer.expectReset().close());
            }
            try (Peer peer = echo.connect()) {
                peer.send("hello").expect("hello").expectFin();
            }
            assertThat(echo.meter("echo_accept_errors_total")).isPositive();
            await().until(() -> echo.meter("echo_connections_active") == 0);
            await().until(() -> sockets(echo) <= before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void servesAStormOfOnceConnectionsFromOneClientAndStaysReady(Transports transport) {
        int port = Ports.free();
        try (PackagedEcho echo = PackagedEcho.launch(transport, "exec", port, "echo.socket.accept-backlog=1000")
                .awaitReady()) {
            CompletableFuture<Times> probes = CompletableFuture.supplyAsync(() -> Times.of(
                    200, () -> assertThat(echo.status("/q/health/ready")).isEqualTo(200)));
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int client = 0; client < 4; client++) {
                clients.add(CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < STORM / 4; i++) {
                        try (Peer peer = echo.connect()) {
                            peer.send("hello").expect("hello").expectFin();
                        }
                    }
                }));
            }
            // A queue that drops SYNs would make it hours.
            CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new))
                    .orTimeout(4, TimeUnit.MINUTES)
                    .join();
            probes.join().expectP99Below(250);
            await().until(() -> echo.meter("echo_connections_active") == 0);
            assertThat(echo.meter("echo_connections_opened_total")).isEqualTo(STORM);
            assertThat(echo.meter("echo_connections_closed_total", "complete")).isEqualTo(STORM);
            assertThat(echo.meter("echo_bytes_sent_total")).isEqualTo(5.0 * STORM);
            assertThat(echo.log().lines().count()).isLessThan(30);
            echo.signal("TERM").awaitExit(Duration.ofSeconds(5));
        }
        try (PackagedEcho again = PackagedEcho.launch(transport, "exec", port).awaitReady()) {
            assertThat(again.isAlive()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void logsNoLinePerResetAndNoErrorForAStormOfThem(Transports transport) {
        try (PackagedEcho echo = PackagedEcho.start(transport)) {
            for (int i = 0; i < 5000; i++) {
                echo.connect().reset();
            }
            await().until(() -> echo.meter("echo_connections_active") == 0
                    && echo.meter("echo_connections_closed_total") == echo.meter("echo_connections_opened_total"));
            assertThat(echo.log()).doesNotContain("ERROR", "Exception");
            assertThat(echo.log().lines().count()).isLessThan(30);
        }
    }

    @Test
    void servesOnNioAndSaysSoWhenTheNativesCannotBeLoaded() {
        try (PackagedEcho echo = PackagedEcho.start(Transports.EPOLL, "io.netty.native.workdir=/proc");
                Peer peer = echo.connect()) {
            peer.send("x").expect("x").expectFin();
            assertThat(echo.log()).contains("NIO serves instead", "transport nio");
        }
    }

    @ParameterizedTest
    @EnumSource
    void echoesInTimeWhileMetricsAndReportAreAskedInALoop(Transports transport) {
        try (PackagedEcho echo = PackagedEcho.start(transport, "echo.mode=stream");
                Peer peer = echo.connect()) {
            List<Peer> held = new ArrayList<>();
            for (int i = 0; i < HELD; i++) {
                held.add(echo.connect());
            }
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> {
                while (!over.get()) {
                    assertThat(echo.status("/q/metrics")).isEqualTo(200);
                    assertThat(echo.status("/socket-options")).isEqualTo(200);
                }
            });
            Times times = Times.of(2000, () -> peer.send("x").expect("x"));
            over.set(true);
            asking.join();
            times.expectP99Below(50);
            assertThat(echo.meter("echo_connections_active")).isEqualTo(HELD + 1.0);
            held.forEach(Peer::close);
        }
    }

    /** At DEBUG each connection logs several lines; nobody reads them from the pipe, which fills at once. */
    @ParameterizedTest
    @EnumSource
    void echoesAndDrainsWhileNobodyReadsItsLog(Transports transport) throws IOException {
        Path pipe = Files.createTempDirectory("tcp-echo").resolve("stdout");
        Program.output("mkfifo", pipe.toString());
        // Opened for reading and writing, so that neither end waits for the other, and nobody reads.
        try (PackagedEcho echo = PackagedEcho.launch(
                        transport,
                        "exec 1<>" + pipe + " 2>&1; exec",
                        Ports.free(),
                        "quarkus.log.category.\"dev.tcpecho\".level=DEBUG",
                        "echo.drain-timeout=1S")
                .awaitReady()) {
            for (int i = 0; i < 2000; i++) {
                try (Peer peer = echo.connect()) {
                    peer.send("hello").expect("hello").expectFin();
                }
            }
            assertThat(echo.status("/q/health/live")).isEqualTo(200);
            await().until(() -> echo.meter("echo_connections_closed_total", "complete") == 2000);
            // It drains and lets go of the port. Its end waits for the log: Quarkus closes that without a bound.
            echo.signal("TERM");
            await().untilAsserted(() ->
                    Assertions.assertThatThrownBy(echo::connect).hasCauseInstanceOf(ConnectException.class));
        }
    }

    /** How long a step took each time, and what a byte there and back took without the service, in turns. */
    private record Times(long[] millis, long[] plain) {
        static Times of(int count, Runnable step) {
            long[] millis = new long[count];
            long[] plain = new long[count];
            try (PlainEcho control = PlainEcho.start()) {
                for (int i = 0; i < count; i++) {
                    millis[i] = millis(step);
                    plain[i] = millis(control::roundTrip);
                }
            }
            Arrays.sort(millis);
            Arrays.sort(plain);
            return new Times(millis, plain);
        }

        private static long millis(Runnable step) {
            long start = System.nanoTime();
            step.run();
            return Duration.ofNanos(System.nanoTime() - start).toMillis();
        }

        private static long p99(long[] sorted) {
            return sorted[sorted.length * 99 / 100];
        }

        /** On a machine that is not itself that slow: there, as many times slower as it is here. */
        void expectP99Below(long bound) {
            assertThat(p99(millis))
                    .as("%s, without the service %s", Arrays.toString(millis), Arrays.toString(plain))
                    .isLessThan(Math.max(bound, 20 * p99(plain)));
        }
    }

    private static void prlimit(PackagedEcho echo, long descriptors) {
        Program.output("prlimit", "--pid", String.valueOf(echo.pid()), "--nofile=" + descriptors + ":400");
    }

    private static long descriptors(PackagedEcho echo) {
        try (var open = Files.list(Path.of("/proc", String.valueOf(echo.pid()), "fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long sockets(PackagedEcho echo) {
        return Program.output("ls", "-l", "/proc/" + echo.pid() + "/fd")
                .lines()
                .filter(line -> line.contains("socket:"))
                .count();
    }

    private static long cpuMillis(PackagedEcho echo) {
        return ProcessHandle.of(echo.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow()
                .toMillis();
    }
}
