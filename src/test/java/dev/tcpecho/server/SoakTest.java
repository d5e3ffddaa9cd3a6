package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing grows: {@code -Dsoak.seconds=} for how long, at most {@code -Dsoak.rounds=} connections. */
class SoakTest {
    private static final Logger LOG = Logger.getLogger(SoakTest.class);
    private static final int SECONDS = Integer.getInteger("soak.seconds", 3);
    private static final int ROUNDS = Integer.getInteger("soak.rounds", 100_000);

    private record Usage(long heap, long direct, long descriptors, int threads) {
        static Usage now() {
            System.gc();
            return new Usage(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory(),
                    ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                            .getOpenFileDescriptorCount(),
                    ManagementFactory.getThreadMXBean().getThreadCount());
        }
    }

    @ParameterizedTest
    @EnumSource
    void neitherMemoryNorDescriptorsNorThreadsGrow(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(
                transport, "echo.mode=stream", "echo.write-stall-timeout=0.1S", "echo.socket.send-buffer-size=65536")) {
            Random random = new Random(1);
            mix(echo, random, Duration.ofSeconds(SECONDS).dividedBy(3));
            Usage warm = Usage.now();
            int rounds = mix(echo, random, Duration.ofSeconds(SECONDS));
            Usage after = Usage.now();
            LOG.infof("%s, %d connections: %s, then %s", transport, rounds, warm, after);
            assertThat(after.heap()).isLessThan(warm.heap() + (8 << 20));
            assertThat(after.direct()).isLessThanOrEqualTo(warm.direct() + (4 << 20));
            assertThat(after.descriptors()).isLessThanOrEqualTo(warm.descriptors() + 5);
            assertThat(after.threads()).isLessThanOrEqualTo(warm.threads() + 3);
            assertThat(echo.traffic().opened()).isEqualTo(echo.traffic().closed());
        }
    }

    private static int mix(RunningEcho echo, Random random, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        int round = 0;
        for (; round < ROUNDS && System.nanoTime() < end; round++) {
            byte[] bytes = new byte[random.nextInt(100_000)];
            try (Peer peer = Peer.connect(echo.address(), 4096)) {
                switch (random.nextInt(20)) {
                    case 0 -> stall(peer);
                    case 1, 2, 3 -> peer.send(bytes).reset();
                    case 4, 5, 6 -> peer.fin().expectFin();
                    default -> {
                        CompletableFuture<Void> sending = peer.sendingAndFin(bytes);
                        peer.expect(bytes).expectFin();
                        sending.join();
                    }
                }
            }
        }
        await().until(() -> echo.traffic().active() == 0);
        return round;
    }

    /** Sends and reads nothing until the service gives up. */
    private static void stall(Peer peer) {
        peer.sendForEver();
    }
}
