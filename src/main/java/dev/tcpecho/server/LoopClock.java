package dev.tcpecho.server;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * The clock of all connections of one listener on one event loop, which counts ticks. Time-outs are a number of ticks,
 * so a clock that jumps or a process that was stopped closes nobody; a loop that is late is only patient. Used on that
 * loop alone.
 *
 * <p>A tick looks at every connection, some at a time: many thousands would hold up those whose bytes have come.
 */
final class LoopClock {
    /** What one stop of the loop may cost, in connections that are only looked at. */
    static final int SLICE = 512;

    /** The cost of one that takes system calls. */
    static final int ACTING = 16;

    /** Between stops: events of connections have their turn. */
    private static final long PAUSE_MILLIS = 1;

    /**
     * Shortly before the counter of ticks turns negative, as the kernel's own clock starts: a comparison that is no
     * difference fails within a minute, not after months.
     */
    private static final int FIRST_TICK = Integer.MAX_VALUE - 100;

    private final EventLoop loop;
    private final ConnectionList connections;
    private final long tickMillis;
    private boolean ticking;
    private long pauses;
    private int now = FIRST_TICK;

    LoopClock(EventLoop loop, ConnectionList connections, long tickMillis) {
        this.loop = loop;
        this.connections = connections;
        this.tickMillis = tickMillis;
    }

    /** The current tick. */
    int now() {
        return now;
    }

    /** Ticks for as long as there are connections. */
    void start() {
        if (!ticking) {
            ticking = true;
            schedule(this::tick, tickMillis);
        }
    }

    private void tick() {
        now++;
        pauses = 0;
        connections.beginRound();
        goOn();
    }

    private void goOn() {
        for (int work = 0; work < SLICE; ) {
            Connection connection = connections.next();
            if (connection == null) {
                end();
                return;
            }
            work += connection.tick(now) ? ACTING : 1;
        }
        pauses++;
        schedule(this::goOn, PAUSE_MILLIS);
    }

    /** The next tick comes no earlier than one after this one began. */
    private void end() {
        if (connections.size() == 0) {
            ticking = false;
        } else {
            schedule(this::tick, Math.max(PAUSE_MILLIS, tickMillis - pauses * PAUSE_MILLIS));
        }
    }

    private void schedule(Runnable what, long millis) {
        loop.schedule(what, millis, TimeUnit.MILLISECONDS);
    }
}
