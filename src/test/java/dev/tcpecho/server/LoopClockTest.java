package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.net.Entrance;
import dev.tcpecho.net.Outflow;
import dev.tcpecho.net.ReadBuffer;
import dev.tcpecho.net.WaitingRoom;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The clock of a loop, on one whose time stands still until it is moved. Its ticks here are 100 ms. */
class LoopClockTest {
    private static final int CONNECTIONS = 2000;
    private static final long IDLE_MILLIS = 1000;
    private static final long TICK_MILLIS = 100;

    private final EmbeddedChannel time = new EmbeddedChannel();
    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private RunningEcho echo;
    private LoopConnections served;

    @BeforeEach
    void start() {
        time.freezeTime();
        echo = RunningEcho.start(Transports.NIO, "echo.mode=stream", "echo.idle-timeout=1S");
        Outflow outflow = Outflow.of(
                Entrance.NONE,
                new ReadBuffer(1000, new WaitingRoom(0)),
                echo.listener().config().socket());
        served = new LoopConnections(echo.listener(), time.eventLoop(), new Traffic(), Entrance.NONE, outflow, null);
    }

    @AfterEach
    void stop() {
        channels.forEach(EmbeddedChannel::close);
        echo.close();
    }

    @Test
    void looksAtManyConnectionsSomeAtATime() {
        connect(CONNECTIONS);
        int open = CONNECTIONS;
        long elapsed = 0;
        while (open > 0) {
            passOneMillisecond();
            elapsed++;
            int left = served.size();
            // Each that ends counts as many; how many are looked at in one go is bounded, too.
            assertThat(open - left)
                    .as("ended at once after %d ms", elapsed)
                    .isBetween(0, LoopClock.SLICE / LoopClock.ACTING);
            if (left < open) {
                assertThat(elapsed).isGreaterThanOrEqualTo(IDLE_MILLIS);
            }
            open = left;
            assertThat(elapsed).isLessThan(IDLE_MILLIS + 3 * TICK_MILLIS + CONNECTIONS);
        }
    }

    @Test
    void ticksOnceInATickHoweverManyThereAre() {
        connect(CONNECTIONS);
        int before = served.now();
        for (long elapsed = 0; elapsed < 5 * TICK_MILLIS; elapsed++) {
            passOneMillisecond();
        }
        assertThat(served.now() - before).isEqualTo(5);
    }

    /** Those that come while others have their turn wait for the next tick; those that go are skipped. */
    @Test
    void survivesComingAndGoingAmidATick() {
        connect(CONNECTIONS);
        for (long elapsed = 0; elapsed <= TICK_MILLIS; elapsed++) {
            passOneMillisecond();
        }
        channels.subList(0, CONNECTIONS - LoopClock.SLICE).forEach(EmbeddedChannel::close);
        connect(10);
        assertThat(served.size()).isEqualTo(LoopClock.SLICE + 10);
        for (long elapsed = 0; elapsed < IDLE_MILLIS + 3 * TICK_MILLIS; elapsed++) {
            passOneMillisecond();
        }
        assertThat(served.size()).isZero();
    }

    private void connect(int count) {
        for (int i = 0; i < count; i++) {
            EmbeddedChannel channel = new EmbeddedChannel();
            channels.add(channel);
            channel.pipeline().addLast(new Connection(served, null));
        }
    }

    private void passOneMillisecond() {
        time.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        time.runScheduledPendingTasks();
        channels.forEach(EmbeddedChannel::runPendingTasks);
    }
}
