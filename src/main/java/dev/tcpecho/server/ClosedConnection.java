package dev.tcpecho.server;

import dev.tcpecho.kernel.SavedSyn;
import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.net.Peer;
import dev.tcpecho.option.SavedSynOption;
import dev.tcpecho.option.TcpInfoOption;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A connection that has ended, as it was then.
 *
 * @param pending bytes for the peer that the kernel had not taken
 * @param tcpInfo the last that was read; null where the transport cannot, or the kernel ended it
 * @param syn null where none was kept
 */
public record ClosedConnection(
        String listener,
        String eventLoop,
        InetSocketAddress local,
        Peer peer,
        Optional<ConnectionFault> fault,
        CloseReason reason,
        Instant at,
        long nanos,
        Duration age,
        long received,
        long sent,
        long pending,
        TcpInfo tcpInfo,
        boolean synAsked,
        SavedSyn syn) {

    static final Comparator<ClosedConnection> NEWEST_FIRST = (one, other) -> Long.signum(other.nanos - one.nanos);

    /** What has to be asked while the socket is still there. */
    record Last(InetSocketAddress local, TcpInfo tcpInfo) {
        static Last of(Channel channel) {
            return new Last(
                    (InetSocketAddress) channel.localAddress(),
                    TcpInfoOption.read(channel).orElse(null));
        }
    }

    /** @param last null when the channel closed by itself before anybody could ask */
    static ClosedConnection of(LoopConnections served, ConnectionMoment moment, Last last, CloseReason reason) {
        Channel channel = moment.channel();
        long now = System.nanoTime();
        return new ClosedConnection(
                served.listener.name(),
                served.name(),
                last == null ? (InetSocketAddress) channel.localAddress() : last.local(),
                Peer.of(channel),
                ConnectionFault.of(served.listener, channel),
                reason,
                Instant.now(),
                now,
                Duration.ofNanos(now - moment.openedNanos()),
                moment.received(),
                moment.sent(),
                moment.pending(),
                last == null ? null : last.tcpInfo(),
                SavedSynOption.isAsked(channel),
                SavedSynOption.of(channel).orElse(null));
    }

    /**
     * The last ones, newest first; off the event loops.
     *
     * @throws java.util.concurrent.CompletionException when an event loop does not answer in time
     */
    public static List<ClosedConnection> newest(
            List<Listener> listeners, Predicate<ClosedConnection> wanted, int most) {
        return ClosedRing.newest(listeners, wanted, most);
    }

    /** What kept it from sending faster; empty where the kernel does not tell. */
    public Optional<LimitedBy> limitedBy() {
        return tcpInfo == null
                ? Optional.empty()
                : LimitedBy.of(listener, tcpInfo, age.toMillis(), fault.flatMap(ConnectionFault::heldBack));
    }
}
