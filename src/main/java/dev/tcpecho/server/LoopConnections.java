package dev.tcpecho.server;

import dev.tcpecho.net.Entrance;
import dev.tcpecho.net.EventLoops;
import dev.tcpecho.net.Outflow;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The connections of one listener on one event loop, and their clock: one timer for all of them, which counts ticks.
 * Time-outs are a number of ticks, so a clock that jumps or a process that was stopped closes nobody; a loop that is
 * late is only patient. Used on that loop alone.
 */
final class LoopConnections {
    /**
     * Shortly before the counter of ticks turns negative, as the kernel's own clock starts: a comparison that is no
     * difference fails within a minute, not after months.
     */
    private static final int FIRST_TICK = Integer.MAX_VALUE - 100;

    final Listener listener;
    final Traffic traffic;
    final Conversation conversation;
    final Entrance entrance;
    final Outflow outflow;
    /** Null when endings are not remembered. */
    final ClosedRing closed;

    final Timeouts timeouts;

    private final EventLoop loop;
    private final String name;
    private Connection first;
    private Connection last;
    private Connection nextSample;
    private boolean ticking;
    private int now = FIRST_TICK;
    private volatile int size;

    /** @param closed null when endings are not remembered */
    LoopConnections(
            Listener listener, EventLoop loop, Traffic traffic, Entrance entrance, Outflow outflow, ClosedRing closed) {
        ListenerConfig config = listener.config();
        this.listener = listener;
        this.closed = closed;
        this.loop = loop;
        this.name = EventLoops.name(loop);
        this.traffic = traffic;
        this.conversation = config.mode().conversation(config);
        this.entrance = entrance;
        this.outflow = outflow;
        this.timeouts = new Timeouts(config);
    }

    /** The current tick. */
    int now() {
        return now;
    }

    void add(Connection connection) {
        connection.next = first;
        if (first != null) {
            first.previous = connection;
        } else {
            last = connection;
        }
        first = connection;
        size++; // written on this loop alone
        if (!ticking) {
            ticking = true;
            schedule();
        }
    }

    void remove(Connection connection) {
        size--;
        if (connection == nextSample) {
            nextSample = connection.previous;
        }
        if (connection == last) {
            last = connection.previous;
        }
        if (connection.previous != null) {
            connection.previous.next = connection.next;
        } else if (first == connection) {
            first = connection.next;
        }
        if (connection.next != null) {
            connection.next.previous = connection.previous;
        }
        connection.next = null;
        connection.previous = null;
    }

    /** From any thread. */
    int size() {
        return size;
    }

    List<Connection> list() {
        List<Connection> all = new ArrayList<>();
        for (Connection connection = first; connection != null; connection = connection.next) {
            all.add(connection);
        }
        return all;
    }

    /** No more than asked for, so that the loop is not held up by the others. */
    List<ConnectionMoment> oldest(int most, Predicate<Channel> wanted) {
        List<ConnectionMoment> oldest = new ArrayList<>();
        for (Connection each = last; each != null && oldest.size() < most; each = each.previous) {
            if (wanted.test(each.channel())) {
                oldest.add(each.moment());
            }
        }
        return oldest;
    }

    /** The next few connections, round and round: each gets its turn. */
    List<Channel> sample(int most) {
        List<Channel> sample = new ArrayList<>();
        nextSample = nextSample == null ? last : nextSample;
        for (; nextSample != null && sample.size() < most; nextSample = nextSample.previous) {
            sample.add(nextSample.channel());
        }
        return sample;
    }

    String name() {
        return name;
    }

    EventLoop loop() {
        return loop;
    }

    private void tick() {
        now++;
        for (Connection connection = first; connection != null; ) {
            Connection next = connection.next; // a tick may close and remove the connection
            connection.tick(now);
            connection = next;
        }
        if (first == null) {
            ticking = false;
        } else {
            schedule();
        }
    }

    private void schedule() {
        loop.schedule(this::tick, timeouts.tickMillis(), TimeUnit.MILLISECONDS);
    }
}
