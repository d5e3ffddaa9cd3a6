package dev.tcpecho.server;

import io.netty.channel.Channel;
import java.util.Comparator;

/** What a connection's event loop knows of it at one moment. */
record ConnectionMoment(
        Channel channel, long openedNanos, long received, long sent, long pending, boolean readingPaused) {
    /** By age, and in a stable order when two are equally old. Nanosecond clocks may wrap: only differences count. */
    static final Comparator<ConnectionMoment> OLDEST_FIRST = (one, other) -> {
        int byAge = Long.signum(one.openedNanos - other.openedNanos);
        return byAge != 0 ? byAge : one.channel.id().compareTo(other.channel.id());
    };
}
