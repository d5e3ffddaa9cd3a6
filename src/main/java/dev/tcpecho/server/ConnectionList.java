package dev.tcpecho.server;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Connections of one event loop, the youngest first. Used on that loop alone, but for its size. */
final class ConnectionList {
    private Connection first;
    private Connection last;
    private Connection nextSample;
    private Connection nextTick;
    private volatile int size;

    void add(Connection connection) {
        connection.next = first;
        if (first != null) {
            first.previous = connection;
        } else {
            last = connection;
        }
        first = connection;
        size++; // written on this loop alone
    }

    void remove(Connection connection) {
        size--;
        if (connection == nextSample) {
            nextSample = connection.previous;
        }
        if (connection == nextTick) {
            nextTick = connection.next;
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

    List<Connection> all() {
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

    /** A round begins: {@link #next} tells each that is there now, unless it goes before. */
    void beginRound() {
        nextTick = first;
    }

    /** Of the round; null when it is over. */
    Connection next() {
        Connection next = nextTick;
        if (next != null) {
            nextTick = next.next;
        }
        return next;
    }
}
