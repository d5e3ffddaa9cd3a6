package dev.tcpecho.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.PackagedEcho;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each flood with healthy streams and probes beside it, in a heap as small as the image's. {@code -Dflood.seconds=30}
 * makes it last.
 */
class FloodIT {
    private static final Duration LASTS = Duration.ofSeconds(Integer.getInteger("flood.seconds", 4));
    /**
     * How long a probe takes depends on who else wants the processors, so that a short run demands its answer alone.
     */
    private static final boolean IN_FULL = LASTS.toSeconds() >= 30;

    /** For a SYN that finds the accept queue full, it is sent again after 1, 3, 7, 15 and 31 seconds. */
    private static final int PATIENCE_MILLIS = 40_000;

    private static final int STREAMS = 20;

    @ParameterizedTest
    @EnumSource
    void neitherTheEchoNorItsProbesNotice(Flood flood) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (PackagedEcho echo = PackagedEcho.launch(
                        Transports.EPOLL,
                        "JAVA_TOOL_OPTIONS='-Xmx48m -XX:MaxDirectMemorySize=32m' exec",
                        Ports.free(),
                        "echo.mode=stream",
                        "echo.connections.enabled=true")
                .awaitReady()) {
            CountDownLatch first = new CountDownLatch(STREAMS);
            List<CompletableFuture<Void>> streams = IntStream.range(0, STREAMS)
                    .mapToObj(i -> CompletableFuture.runAsync(
                            () -> stream(echo, "stream " + i + " ".repeat(100 * i), first, over), threads))
                    .toList();
            assertThat(first.await(60, TimeUnit.SECONDS)).isTrue();
            probe(echo);
            long before = residentKib(echo);
            CompletableFuture<Void> attack = CompletableFuture.runAsync(
                    () -> flood.run(new Flood.Target(echo.sidePort(), echo.address(), over)), threads);
            List<Long> millis = new ArrayList<>();
            long start = System.nanoTime();
            while (System.nanoTime() - start < LASTS.toNanos() || millis.size() < 3) {
                millis.add(probe(echo));
            }
            over.set(true);
            attack.join();
            streams.forEach(CompletableFuture::join);
            long[] sorted = millis.stream().mapToLong(each -> each).sorted().toArray();
            if (IN_FULL) {
                assertThat(sorted[sorted.length / 2])
                        .as(Arrays.toString(sorted))
                        .isLessThan(250);
            }
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

    /** Has made its first trip before the flood begins, and loses nothing until it is over. */
    private static void stream(PackagedEcho echo, String text, CountDownLatch first, AtomicBoolean over) {
        try (Peer peer = echo.connect()) {
            peer.send(text).expect(text);
            first.countDown();
            while (!over.get()) {
                peer.send(text).expect(text);
            }
            peer.fin().expectFin();
        }
    }

    /** As the kubelet does it: a connection for each. In milliseconds; fails when it is not answered well. */
    private static long probe(PackagedEcho echo) {
        long start = System.nanoTime();
        try (Socket socket = new Socket()) {
            socket.connect(echo.sidePort(), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
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

    private static long residentKib(PackagedEcho echo) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(echo.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
