package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The promise: every byte received is echoed, unchanged and in order, or the connection ends abnormally. Random trips
 * from a seed that each failure names; {@code -Dsoak.trips=10000} runs that many per mode and transport instead of a
 * few, {@code -Dsoak.largest=67108864} makes the longest that large, {@code -Dsoak.seed=} repeats a run.
 */
class PromiseTest {
    private static final int TRIPS = Integer.getInteger("soak.trips", 60);
    private static final int LARGEST = Integer.getInteger("soak.largest", 4 << 20);
    private static final long SEED = Long.getLong("soak.seed", System.nanoTime());
    private static final int AT_A_TIME = 8;
    private static final int READ_LIMIT = 5000;

    @TestFactory
    Stream<DynamicTest> returnsEveryByteOfEveryHalfClosedTrip() {
        return Stream.of(Transports.values())
                .flatMap(transport -> Stream.of(
                        test(transport, "stream on default buffers", "echo.mode=stream"),
                        test(
                                transport,
                                "stream on 4 KiB buffers",
                                "echo.mode=stream",
                                "echo.socket.send-buffer-size=4096",
                                "echo.socket.receive-buffer-size=4096"),
                        test(transport, "once", "echo.mode=once", "echo.read-limit=" + READ_LIMIT)));
    }

    private static DynamicTest test(Transports transport, String name, String... properties) {
        return DynamicTest.dynamicTest(transport + " " + name + ", seed " + SEED, () -> {
            try (RunningEcho echo = RunningEcho.start(transport, properties)) {
                run(echo, name);
            }
        });
    }

    private static void run(RunningEcho echo, String name) {
        boolean once = echo.listener().config().mode() == EchoMode.ONCE;
        AtomicLong echoed = new AtomicLong();
        int largest = name.contains("4 KiB") ? LARGEST / 16 : LARGEST;
        // Senders have threads of their own: one that waits for its turn would look like a service that stalls.
        ExecutorService senders = Executors.newCachedThreadPool();
        ExecutorService trips = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            IntStream.range(0, TRIPS)
                    .mapToObj(i -> CompletableFuture.runAsync(
                            // Made when its turn comes: all of them at once do not fit the memory.
                            () -> echoed.addAndGet(
                                    new Trip(new Random(SEED * 31 + i), largest).make(echo, once, senders)),
                            trips))
                    .toList()
                    .forEach(CompletableFuture::join);
        } finally {
            trips.shutdownNow();
            senders.shutdownNow();
        }
        await().until(() -> echo.traffic().active() == 0);
        assertThat(echo.traffic().closed()).isEqualTo(TRIPS);
        assertThat(echo.closedByReason().keySet()).isSubsetOf(CloseReason.PEER_FIN, CloseReason.COMPLETE);
        echo.expectEchoed(echoed.get());
    }

    /** One connection: what it sends, in which pieces, and how it reads. */
    private static final class Trip {
        private final Random random;
        private final byte[] bytes;
        private final int receiveBuffer;
        private final int writeSize;
        private final int readSize;
        private final int pauses;
        private final int readsFirst;

        Trip(Random random, int largest) {
            this.random = random;
            // Sizes spread over magnitudes: most trips are short, some are long.
            int magnitude = 1 << random.nextInt(32 - Integer.numberOfLeadingZeros(largest));
            this.bytes = new byte[random.nextInt(4) == 0 ? magnitude - 1 : random.nextInt(magnitude)];
            this.receiveBuffer = random.nextBoolean() ? 0 : 4096;
            this.writeSize = 1 + random.nextInt(1 << random.nextInt(18)) + bytes.length / 2000;
            this.readSize = 1 + random.nextInt(1 << random.nextInt(18)) + bytes.length / 2000;
            this.pauses = random.nextInt(4);
            this.readsFirst = random.nextInt(3); // 0: only after all was sent, if the kernels can hold it
        }

        /** Makes the trip; the number of bytes that came back. */
        int make(RunningEcho echo, boolean once, Executor senders) {
            random.nextBytes(bytes);
            try (Peer peer = Peer.connect(echo.address(), receiveBuffer)) {
                CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(peer), senders);
                if (readsFirst == 0 && bytes.length < 30_000) {
                    sending.join();
                }
                int count = read(peer);
                sending.join();
                if (once) {
                    assertThat(count).isLessThanOrEqualTo(READ_LIMIT);
                    assertThat(count > 0).isEqualTo(bytes.length > 0);
                } else {
                    assertThat(count).as("%s, seed %d", this, SEED).isEqualTo(bytes.length);
                }
                return count;
            }
        }

        private void send(Peer peer) {
            try {
                OutputStream out = peer.socket().getOutputStream();
                for (int at = 0; at < bytes.length; at += writeSize) {
                    out.write(bytes, at, Math.min(writeSize, bytes.length - at));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(this + ", seed " + SEED, e);
            }
            peer.fin();
        }

        private int read(Peer peer) {
            byte[] buffer = new byte[readSize];
            int count = 0;
            int pausesLeft = pauses;
            try {
                InputStream in = peer.socket().getInputStream();
                for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                    assertThat(Arrays.mismatch(buffer, 0, got, bytes, count, Math.min(bytes.length, count + got)))
                            .as("%s, seed %d: first wrong byte after %d", this, SEED, count)
                            .isEqualTo(-1);
                    count += got;
                    if (pausesLeft-- > 0) {
                        LockSupport.parkNanos(1_000_000L << pausesLeft);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(this + ", seed " + SEED, e);
            }
            return count;
        }

        @Override
        public String toString() {
            return bytes.length + " bytes written by " + writeSize + ", read by " + readSize + ", receive buffer "
                    + receiveBuffer + ", " + pauses + " pauses";
        }
    }
}
