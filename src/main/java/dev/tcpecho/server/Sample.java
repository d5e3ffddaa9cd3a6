package dev.tcpecho.server;

import dev.tcpecho.kernel.TcpInfo;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How a few open connections of a listener fare, other ones each time: what a report tells of them all. */
public record Sample(String listener, List<TcpInfo> connections) {
    private static final int PER_LOOP = 16;
    private static final long MOST_MILLIS = 500;

    /** Waits half a second at most; off the event loops. Of none where a loop is silent, which is told elsewhere. */
    public static Sample of(Listener listener) {
        return new Sample(listener.name(), read(listener));
    }

    private static List<TcpInfo> read(Listener listener) {
        try {
            return listener.sample(PER_LOOP).get(MOST_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** How many of them their reader slows. */
    public long slowedByReader() {
        return connections.stream()
                .flatMap(info -> LimitedBy.of(listener, info, Integer.MAX_VALUE, Optional.empty()).stream())
                .filter(limit -> limit.by() == LimitedBy.By.RECEIVER)
                .count();
    }

    /**
     * The smoothed round-trip time, in microseconds, that this share of them does not exceed; empty when there are
     * none.
     */
    public OptionalLong rtt(double share) {
        long[] sorted = connections.stream().mapToLong(TcpInfo::rtt).sorted().toArray();
        return sorted.length == 0
                ? OptionalLong.empty()
                : OptionalLong.of(sorted[(int) Math.ceil(share * sorted.length) - 1]);
    }

    /** Segments that they retransmitted in their lives so far. */
    public long retransmits() {
        return connections.stream().mapToLong(TcpInfo::retransmits).sum();
    }
}
