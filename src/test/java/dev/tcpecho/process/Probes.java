package dev.tcpecho.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.Latencies;
import dev.tcpecho.testing.TlsBuckets;
import dev.tcpecho.testing.TlsPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * The kubelet's question, a connection for each and every one answered well, and after each of them an honest client of
 * a listener in mode {@code once}, and one of TLS that stays.
 */
final class Probes implements AutoCloseable {
    /** For a SYN that finds an accept queue full, it is sent again after 1, 3, 7, 15 and 31 seconds. */
    private static final int PATIENCE_MILLIS = 40_000;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final String ONCE = "an honest client";

    private final InetSocketAddress sidePort;
    private final InetSocketAddress once;
    private final TlsPeer tls;
    private final CompletableFuture<Void> running;
    private List<Long> nanos = new ArrayList<>();
    private volatile int answered;
    private volatile boolean over;

    Probes(Flood.Targets targets) throws IOException {
        this.sidePort = targets.sidePort();
        this.once = targets.places();
        this.tls = TlsPeer.connect(targets.tls(), TlsBuckets.context(null, targets.keys()));
        this.running = CompletableFuture.runAsync(this::run, task -> new Thread(task, "probes").start());
    }

    private void run() {
        while (!over) {
            long start = System.nanoTime();
            assertThat(ask(sidePort, "GET /q/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
            record(System.nanoTime() - start);
            assertThat(ask(once, ONCE)).isEqualTo(ONCE);
            assertThat(askTls()).isEqualTo(ONCE);
            answered++;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static String ask(InetSocketAddress address, String text) {
        try (Socket socket = new Socket()) {
            socket.connect(address, PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new AssertionError("no answer from " + address, e);
        }
    }

    private String askTls() {
        try {
            tls.send(tls.record(ONCE.getBytes(StandardCharsets.US_ASCII)));
            return new String(tls.read(ONCE.length()), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new AssertionError("no answer by TLS", e);
        }
    }

    private synchronized void record(long took) {
        nanos.add(took);
    }

    /** So many more have been answered, from now on. */
    void await(int count) {
        int enough = answered + 1 + count; // one of them is under way
        Awaitility.await()
                .atMost(Duration.ofMillis(PATIENCE_MILLIS * (1L + count)))
                .until(() -> running.isDone() || answered >= enough);
        checkFailure();
    }

    /** What probes took since this was last asked. */
    synchronized Latencies latencies() {
        checkFailure();
        Latencies since = Latencies.ofNanos(nanos);
        nanos = new ArrayList<>();
        return since;
    }

    private void checkFailure() {
        running.exceptionally(failure -> {
                    throw new AssertionError(failure);
                })
                .getNow(null);
    }

    @Override
    public void close() throws IOException {
        over = true;
        try (tls) {
            running.handle((done, failure) -> failure == null)
                    .thenAccept(well ->
                            assertThat(well).as("every probe was answered").isTrue())
                    .join();
        }
    }
}
