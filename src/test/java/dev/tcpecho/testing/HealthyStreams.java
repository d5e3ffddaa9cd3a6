package dev.tcpecho.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Clients that behave: each sends a message at its pace and wants it back, every byte compared. They share one thread,
 * and are paced so that they leave the processors to what is measured.
 */
public final class HealthyStreams implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How often the thread looks whether it is over. */
    private static final long LOOK_NANOS = 100_000_000;

    private final List<PacedStream> streams = new ArrayList<>();
    private final CompletableFuture<Void> running;
    private List<Long> nanos = new ArrayList<>();
    private volatile boolean over;

    /** All connected, and each has been answered. */
    public HealthyStreams(InetSocketAddress echo, int count, Duration pace) {
        try {
            Selector selector = Selector.open();
            for (int i = 0; i < count; i++) {
                streams.add(new PacedStream(echo, selector, i, pace.toNanos(), pace.toNanos() * i / count));
            }
            running = new CompletableFuture<>();
            Thread thread = new Thread(() -> run(selector), "healthy streams");
            thread.setDaemon(true);
            thread.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitATripOfEach();
    }

    private void run(Selector selector) {
        try {
            turn(selector);
            running.complete(null);
        } catch (IOException | RuntimeException | AssertionError e) {
            running.completeExceptionally(e);
        }
    }

    private void turn(Selector selector) throws IOException {
        try (selector) {
            while (!over) {
                long now = System.nanoTime();
                long next = LOOK_NANOS;
                for (PacedStream stream : streams) {
                    next = Math.min(next, stream.sendWhenDue(now));
                }
                selector.select(Math.max(1, next / 1_000_000));
                for (SelectionKey key : selector.selectedKeys()) {
                    long took = ((PacedStream) key.attachment()).proceed();
                    if (took > 0) {
                        record(took);
                    }
                }
                selector.selectedKeys().clear();
            }
        }
    }

    private synchronized void record(long took) {
        nanos.add(took);
    }

    /** Each has sent something from now on, and has it back. */
    public void awaitATripOfEach() {
        long now = System.nanoTime();
        await().atMost(PATIENCE)
                .until(() -> running.isDone() || streams.stream().allMatch(stream -> stream.hasTrippedSince(now)));
        assertThat(running).as("the streams go on").isNotDone();
    }

    /**
     * What trips took since this was last asked, from when each was due, so that one long wait counts for all the trips
     * that it held up.
     */
    public synchronized Latencies latencies() {
        assertThat(running).as("the streams go on").isNotDone();
        Latencies since = Latencies.ofNanos(nanos);
        nanos = new ArrayList<>();
        return since;
    }

    /** Each ends with everything back, and our FIN answered. */
    @Override
    public void close() {
        over = true;
        try {
            running.get();
            for (PacedStream stream : streams) {
                stream.finish();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            streams.forEach(PacedStream::drop);
        }
    }
}
