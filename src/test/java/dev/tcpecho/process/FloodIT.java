package dev.tcpecho.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.PackagedEcho;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each flood with healthy streams and probes beside it, in a heap as small as the image's. {@code -Dflood.seconds=30}
 * makes it last.
 */
class FloodIT {
    private static final Duration LASTS = Duration.ofSeconds(Integer.getInteger("flood.seconds", 4));
    private static final int STREAMS = 20;

    @ParameterizedTest
    @EnumSource
    void neitherTheEchoNorItsProbesNotice(Flood flood) throws IOException {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (PackagedEcho echo = PackagedEcho.launch(
                        Transports.EPOLL,
                        "JAVA_TOOL_OPTIONS='-Xmx48m -XX:MaxDirectMemorySize=32m' exec",
                        Ports.free(),
                        "echo.mode=stream",
                        "echo.connections.enabled=true")
                .awaitReady()) {
            probe(echo);
            double others = othersForEachProcessor();
            long before = residentKib(echo);
            CompletableFuture<Void> attack = CompletableFuture.runAsync(
                    () -> flood.run(new Flood.Target(echo.sidePort(), echo.address(), over)), threads);
            List<CompletableFuture<Integer>> streams = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                String text = "stream " + i + " ".repeat(100 * i);
                streams.add(CompletableFuture.supplyAsync(() -> stream(echo, text, over), threads));
            }
            List<Long> millis = new ArrayList<>();
            long start = System.nanoTime();
            while (System.nanoTime() - start < LASTS.toNanos()) {
                millis.add(probe(echo));
            }
            over.set(true);
            attack.join();
            streams.forEach(stream -> assertThat(stream.join()).isPositive());
            long[] sorted = millis.stream().mapToLong(each -> each).sorted().toArray();
            assertThat(sorted[sorted.length / 2]).as(Arrays.toString(sorted)).isLessThan((long)
                    (250 * Math.max(others, othersForEachProcessor())));
            assertThat(echo.isAlive()).isTrue();
            assertThat(echo.log()).doesNotContain("ERROR", "Exception", "OutOfMemory");
            assertThat(echo.log().lines().count()).isLessThan(100);
            assertThat(residentKib(echo) - before).as("KiB more than before").isLessThan(128 << 10);
            assertThat(echo.meter("echo_connections_closed_total", "error")).isZero();
        } finally {
            over.set(true);
            threads.shutdown();
        }
    }

    /** How often the text came back. */
    private static int stream(PackagedEcho echo, String text, AtomicBoolean over) {
        int times = 0;
        try (Peer peer = echo.connect()) {
            while (!over.get()) {
                peer.send(text).expect(text);
                times++;
            }
            peer.fin().expectFin();
        }
        return times;
    }

    /** As the kubelet does it: a connection for each. In milliseconds, however it ended fails if not well. */
    private static long probe(PackagedEcho echo) {
        long start = System.nanoTime();
        try (Socket socket = new Socket()) {
            socket.connect(echo.sidePort(), 10_000);
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /q/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200 ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    /** What else the machine does, in threads that want to run: each slows probes as much as the flood. 1 at least. */
    private static double othersForEachProcessor() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return Math.max(1, load / Runtime.getRuntime().availableProcessors());
    }

    private static long residentKib(PackagedEcho echo) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(echo.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
