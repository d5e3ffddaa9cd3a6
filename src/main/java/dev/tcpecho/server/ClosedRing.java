package dev.tcpecho.server;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The connections that ended last on one event loop, of all listeners. It holds as many as are to be remembered in all,
 * since nobody knows on which loop they end. Used on that loop alone.
 */
final class ClosedRing {
    private static final long LOOP_BOUND_SECONDS = 2;

    private final EventLoop loop;
    private final ClosedConnection[] ring;
    private int next;

    ClosedRing(EventLoop loop, int size) {
        this.loop = loop;
        this.ring = new ClosedConnection[size];
    }

    void add(ClosedConnection closed) {
        ring[next] = closed;
        next = (next + 1) % ring.length;
    }

    int size() {
        return ring.length;
    }

    /**
     * Merged from the loops, newest first; no more than each ring holds, and of these the wanted ones.
     *
     * @throws java.util.concurrent.CompletionException when an event loop does not answer in time
     */
    static List<ClosedConnection> newest(List<Listener> listeners, Predicate<ClosedConnection> wanted, int most) {
        Set<ClosedRing> rings = new HashSet<>();
        listeners.forEach(listener -> rings.addAll(listener.closedRings()));
        List<CompletableFuture<List<ClosedConnection>>> answers = rings.stream()
                .map(ring -> CompletableFuture.supplyAsync(ring::copy, ring.loop)
                        .orTimeout(LOOP_BOUND_SECONDS, TimeUnit.SECONDS))
                .toList();
        List<ClosedConnection> all = new ArrayList<>();
        answers.forEach(answer -> all.addAll(answer.join()));
        all.sort(ClosedConnection.NEWEST_FIRST);
        int remembered = rings.stream().mapToInt(ClosedRing::size).max().orElse(0);
        return all.stream().limit(remembered).filter(wanted).limit(most).toList();
    }

    private List<ClosedConnection> copy() {
        List<ClosedConnection> copy = new ArrayList<>();
        for (ClosedConnection each : ring) {
            if (each != null) {
                copy.add(each);
            }
        }
        return copy;
    }
}
