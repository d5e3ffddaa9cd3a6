package dev.tcpecho.net;

import dev.tcpecho.net.SidePortSockets.Ended;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * So many connections of the side port that are served at a time; others wait in the order in which they asked. Where
 * somebody waits, nobody keeps a place beyond an answer, and who keeps us waiting loses it. Used by any thread.
 */
final class SidePortPlaces {
    private final int most;
    private final Set<SidePortConnection> taken = new HashSet<>();
    private final Set<SidePortConnection> waiting = new LinkedHashSet<>();
    private final AtomicBoolean displacing = new AtomicBoolean();

    SidePortPlaces(int most) {
        this.most = most;
    }

    int most() {
        return most;
    }

    synchronized int taken() {
        return taken.size();
    }

    synchronized boolean isWanted() {
        return !waiting.isEmpty();
    }

    /** Whether it has one now; if not, it will be served on its event loop when it is its turn. */
    boolean ask(SidePortConnection connection) {
        synchronized (this) {
            if (waiting.isEmpty() && taken.size() < most) {
                return taken.add(connection);
            }
            waiting.add(connection);
        }
        next();
        return false;
    }

    /** Also when it has none, or waits for one. */
    void leave(SidePortConnection connection) {
        synchronized (this) {
            waiting.remove(connection);
            taken.remove(connection);
        }
        next();
    }

    /** To be called as well when a connection that has a place may have become dispensable. */
    void next() {
        Collection<SidePortConnection> holders;
        int wanted;
        synchronized (this) {
            while (!waiting.isEmpty() && taken.size() < most) {
                SidePortConnection first = waiting.iterator().next();
                waiting.remove(first);
                taken.add(first);
                first.serveSoon();
            }
            if (waiting.isEmpty()) {
                return;
            }
            holders = Set.copyOf(taken);
            wanted = waiting.size();
        }
        displace(holders, wanted, displacing, this::next);
    }

    /**
     * Ends the most dispensable of them, as far as any is: of those from the address with the most, the ones that have
     * kept us waiting the longest.
     *
     * @param displacing whether that is under way
     * @param after runs once it is done, on the event loop of the last
     */
    static void displace(Collection<SidePortConnection> holders, int count, AtomicBoolean displacing, Runnable after) {
        if (!displacing.compareAndSet(false, true)) {
            return;
        }
        List<SidePortConnection> chosen = mostDispensable(holders, count);
        AtomicInteger left = new AtomicInteger(chosen.size());
        chosen.forEach(each -> each.end(Ended.DISPLACED, () -> {
            if (left.decrementAndGet() == 0) {
                displacing.set(false);
                after.run();
            }
        }));
        if (chosen.isEmpty()) {
            displacing.set(false);
        }
    }

    private static List<SidePortConnection> mostDispensable(Collection<SidePortConnection> holders, int count) {
        Map<Long, Integer> held = new HashMap<>();
        holders.forEach(each -> held.merge(each.source(), 1, Integer::sum));
        long now = System.nanoTime();
        return holders.stream()
                .flatMap(each -> Candidate.of(each, held.getOrDefault(each.source(), 0), now).stream())
                .sorted()
                .limit(count)
                .map(Candidate::connection)
                .toList();
    }

    /** As it was when it was looked at: a comparison must not change under a sort. */
    private record Candidate(SidePortConnection connection, int fromItsAddress, int patience, long age)
            implements Comparable<Candidate> {
        private static final Comparator<Candidate> ORDER = Comparator.comparingInt(Candidate::fromItsAddress)
                .reversed()
                .thenComparingInt(Candidate::patience)
                .thenComparing(Comparator.comparingLong(Candidate::age).reversed());

        static Optional<Candidate> of(SidePortConnection connection, int fromItsAddress, long now) {
            OptionalInt patience = connection.turn().patience(now);
            return patience.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Candidate(
                            connection,
                            fromItsAddress,
                            patience.getAsInt(),
                            now - connection.turn().since()));
        }

        @Override
        public int compareTo(Candidate other) {
            return ORDER.compare(this, other);
        }
    }
}
