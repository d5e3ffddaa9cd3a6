package dev.tcpecho.server;

import dev.tcpecho.net.EventLoops;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.net.Peer;
import dev.tcpecho.net.PeerAddress;
import dev.tcpecho.option.ConnectionSocket;
import dev.tcpecho.option.OptionValue;
import dev.tcpecho.option.SocketOption;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One open connection as it was a moment ago.
 *
 * @param pending bytes to be echoed that the kernel has not taken
 * @param shard of the listening socket that accepted it
 * @param eventLoop the one that serves it
 * @param generation how often this JVM had bound the listener
 * @param peer what was learned before the bytes
 * @param fault what happens to it on purpose
 */
public record OpenConnection(
        String listener,
        ConnectionSocket socket,
        Duration age,
        long received,
        long sent,
        long pending,
        WriteState writeState,
        int shard,
        String eventLoop,
        int generation,
        Peer peer,
        Optional<ConnectionFault> fault) {
    private static final long LOOP_BOUND_SECONDS = 2;

    /** What keeps it from sending faster; empty where the kernel does not tell. */
    public Optional<LimitedBy> limitedBy() {
        return socket.tcpInfo() == null
                ? Optional.empty()
                : LimitedBy.of(listener, socket.tcpInfo(), age.toMillis(), fault.flatMap(ConnectionFault::heldBack));
    }

    /** How the echo of one connection goes out. */
    public enum WriteState {
        /** All is echoed. */
        IDLE,
        /** Bytes wait for the kernel to take them. */
        PENDING,
        /** So many wait that nothing more is read. */
        PAUSED
    }

    /**
     * The oldest connections, oldest first. Event loops only hand out what they have at hand, for this many connections
     * at most; the kernel is asked on the calling thread, which blocks.
     *
     * @throws java.util.concurrent.CompletionException when an event loop does not answer in time
     */
    public static List<OpenConnection> oldest(Collection<Listener> listeners, int most) {
        return oldest(listeners, most, any -> true);
    }

    /** Those of this peer alone, as {@link #oldest(Collection, int)}. */
    public static List<OpenConnection> oldest(Collection<Listener> listeners, int most, PeerAddress peer) {
        return oldest(listeners, most, channel -> peer.matches(Peer.of(channel)));
    }

    private static List<OpenConnection> oldest(Collection<Listener> listeners, int most, Predicate<Channel> wanted) {
        record Found(Listener listener, ConnectionMoment moment) {}
        Map<Listener, CompletableFuture<List<ConnectionMoment>>> asked = new HashMap<>();
        listeners.forEach(listener -> asked.put(
                listener, listener.loops().oldest(most, wanted).orTimeout(LOOP_BOUND_SECONDS, TimeUnit.SECONDS)));
        List<Found> found = new ArrayList<>();
        asked.forEach((listener, answer) -> answer.join().forEach(moment -> found.add(new Found(listener, moment))));
        found.sort((one, other) -> ConnectionMoment.OLDEST_FIRST.compare(one.moment, other.moment));
        long now = System.nanoTime();
        Map<ListeningSocket, Map<SocketOption, OptionValue>> values = new HashMap<>();
        List<OpenConnection> open = new ArrayList<>();
        for (Found each : found.subList(0, Math.min(most, found.size()))) {
            Channel channel = each.moment.channel();
            each.listener.sockets().stream()
                    .filter(socket -> socket.hasAccepted(channel))
                    .findFirst()
                    .flatMap(socket ->
                            ConnectionSocket.read(channel, values.computeIfAbsent(socket, unread -> unread.options()
                                    .values())))
                    .ifPresent(socket -> open.add(of(each.listener, each.moment, socket, now)));
        }
        return open;
    }

    static OpenConnection of(Listener listener, ConnectionMoment moment, ConnectionSocket socket, long now) {
        WriteState state = moment.readingPaused()
                ? WriteState.PAUSED
                : moment.pending() > 0 ? WriteState.PENDING : WriteState.IDLE;
        return new OpenConnection(
                listener.name(),
                socket,
                Duration.ofNanos(now - moment.openedNanos()),
                moment.received(),
                moment.sent(),
                moment.pending(),
                state,
                ListeningSocket.of(moment.channel()).shard().number(),
                EventLoops.name(moment.channel().eventLoop()),
                listener.generation(),
                Peer.of(moment.channel()),
                ConnectionFault.of(listener, moment.channel()));
    }
}
