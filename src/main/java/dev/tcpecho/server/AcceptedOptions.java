package dev.tcpecho.server;

import dev.tcpecho.kernel.Sysctls;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.option.SocketValues;
import io.netty.channel.Channel;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What accepted connections of a listener have, apart for IPv4 and IPv6, since the kernel treats them apart. Read from
 * a connection that has just been accepted, once a minute at most; a report that finds the reading older, or sysctls
 * that are no longer those of the reading before, reads an open connection.
 */
final class AcceptedOptions {
    private static final Logger LOG = Logger.getLogger(Listener.class);

    /** Connections of each loop among which one of a family is looked for, and how long that may take. */
    private static final int SAMPLED = 16;

    private static final long REFRESH_MILLIS = 500;

    private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Slot ipv4 = new Slot(false);
    private final Slot ipv6 = new Slot(true);
    private volatile String unknown;

    /**
     * On the accepting event loop, before the connection is served: some forty getsockopt() when one is due, else a
     * look at the clock.
     *
     * @param check whether it is the service's own connection, from its start
     */
    void offer(ListeningSocket socket, Channel accepted, boolean check) {
        Slot slot = slot(accepted);
        if ((check || slot.isDue()) && slot.reading.compareAndSet(false, true)) {
            try {
                slot.keep(socket, socket.options().values(accepted), check);
            } finally {
                slot.reading.set(false);
            }
        }
    }

    /**
     * One for each family of which a connection was seen. Blocks for half a second at most, when what is known is too
     * old and a connection is open.
     */
    List<AcceptedReading> readings(
            Collection<ListeningSocket> sockets, ListenerLoops loops, boolean anyOpen, Sysctls now) {
        if (anyOpen && isStale(now)) {
            try {
                refresh(
                        sockets,
                        loops.ask(each -> each.sample(SAMPLED)).get(REFRESH_MILLIS, TimeUnit.MILLISECONDS),
                        now);
            } catch (TimeoutException | ExecutionException e) {
                LOG.debug("an event loop does not answer: the accepted options stay those of before", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else {
            refresh(sockets, List.of(), now);
        }
        return readings(now);
    }

    /** Whether a report should look for open connections. A family that was never seen is not looked for. */
    private boolean isStale(Sysctls now) {
        return Stream.of(ipv4, ipv6).filter(Slot::hasRead).anyMatch(slot -> slot.isStale(now));
    }

    /** Off the event loops, since the connections may be many; what closes meanwhile does not count. */
    private void refresh(Collection<ListeningSocket> sockets, Collection<Channel> open, Sysctls now) {
        for (Slot slot : List.of(ipv4, ipv6)) {
            boolean stale = slot.isStale(now);
            slot.seen = now;
            if (!stale) {
                continue;
            }
            slot.due = true; // the next one that is accepted will do, if none is open
            open.stream().filter(each -> slot(each) == slot).limit(1).forEach(each -> sockets.stream()
                    .filter(socket -> socket.hasAccepted(each))
                    .findFirst()
                    .ifPresent(socket -> {
                        SocketValues values = socket.options().values(each);
                        if (each.isOpen()) {
                            slot.keep(socket, values, false);
                        }
                    }));
        }
    }

    /** The start-up check could not find out what an accepted connection has. */
    void areUnknown(String why) {
        unknown = why;
    }

    /** Why the check found nothing out; empty when it did. */
    Optional<String> whyUnknown() {
        return Optional.ofNullable(unknown);
    }

    private List<AcceptedReading> readings(Sysctls now) {
        return Stream.of(ipv4, ipv6)
                .map(slot -> slot.last)
                .filter(kept -> kept != null)
                .map(kept -> new AcceptedReading(
                        kept.ipv6,
                        kept.readAt,
                        kept.fromCheck,
                        kept.socket.options().judge(kept.values, now)))
                .toList();
    }

    private Slot slot(Channel accepted) {
        return accepted.remoteAddress() instanceof InetSocketAddress peer && peer.getAddress() instanceof Inet6Address
                ? ipv6
                : ipv4;
    }

    private record Kept(
            boolean ipv6,
            Instant readAt,
            long readNanos,
            boolean fromCheck,
            ListeningSocket socket,
            SocketValues values) {}

    private static final class Slot {
        final AtomicBoolean reading = new AtomicBoolean();
        private final boolean family6;
        private volatile Kept last;
        private volatile Sysctls seen;
        private volatile boolean due = true;

        Slot(boolean family6) {
            this.family6 = family6;
        }

        boolean hasRead() {
            return last != null;
        }

        boolean isDue() {
            return due || System.nanoTime() - last.readNanos() >= PERIOD_NANOS;
        }

        boolean isStale(Sysctls now) {
            return isDue() || seen != null && !seen.equals(now);
        }

        void keep(ListeningSocket socket, SocketValues values, boolean check) {
            last = new Kept(family6, Instant.now(), System.nanoTime(), check, socket, values);
            due = false;
        }
    }
}
