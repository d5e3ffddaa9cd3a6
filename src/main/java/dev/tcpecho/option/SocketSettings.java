package dev.tcpecho.option;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/**
 * The socket options asked for, as {@code echo.socket.*} and {@code echo.listeners.<name>.socket.*}. An empty
 * {@link Optional} leaves the kernel's value: such an option is never written.
 */
public interface SocketSettings {
    /** Connections that may wait for accept(); the kernel takes at most net.core.somaxconn. */
    @WithDefault("100")
    @WithConverter(Bounds.Count.class)
    int acceptBacklog();

    /** Bind although old connections of this port linger in TIME_WAIT. */
    @WithDefault("true")
    @WithConverter(Bounds.Flag.class)
    boolean reuseAddress();

    /**
     * Share the port with other sockets of the same user that ask for it too; the kernel spreads connections over them.
     */
    @WithDefault("true")
    @WithConverter(Bounds.Flag.class)
    boolean reusePort();

    /** Receive buffer in bytes, fixed: it turns the kernel's auto-tuning off. */
    @WithConverter(Bounds.BufferSize.class)
    Optional<MemorySize> receiveBufferSize();

    /** Send buffer in bytes, fixed: it turns the kernel's auto-tuning off. */
    @WithConverter(Bounds.BufferSize.class)
    Optional<MemorySize> sendBufferSize();

    /** Send small segments at once instead of gathering them (Nagle's algorithm off). */
    @WithDefault("true")
    @WithConverter(Bounds.Flag.class)
    boolean tcpNoDelay();

    /** Probe connections that are silent. */
    @WithDefault("false")
    @WithConverter(Bounds.Flag.class)
    boolean tcpKeepAlive();

    /** Silence before the first keep-alive probe, in whole seconds. */
    @WithConverter(Bounds.KeepAliveTime.class)
    Optional<Duration> tcpKeepAliveIdle();

    /** Time between keep-alive probes, in whole seconds. */
    @WithConverter(Bounds.KeepAliveTime.class)
    Optional<Duration> tcpKeepAliveInterval();

    /** Unanswered keep-alive probes after which the connection is dropped. */
    @WithConverter(Bounds.Probes.class)
    Optional<Integer> tcpKeepAliveCount();

    /** How long sent data may stay unacknowledged before the kernel drops the connection, in milliseconds. */
    @WithConverter(Bounds.UserTimeout.class)
    Optional<Duration> tcpUserTimeout();

    /**
     * Acknowledge at once instead of waiting for data to carry the acknowledgement; the kernel may turn it off again.
     */
    @WithConverter(Bounds.Flag.class)
    Optional<Boolean> tcpQuickAck();

    /** Hold back partial segments until they are full or 200 ms old. */
    @WithConverter(Bounds.Flag.class)
    Optional<Boolean> tcpCork();

    /** TCP Fast Open: how many connections may wait with data in their SYN; 0 = off. */
    @WithConverter(Bounds.FastOpenQueue.class)
    Optional<Integer> tcpFastOpen();

    /** Wake the acceptor only when data has arrived, or after this time, in whole seconds. */
    @WithConverter(Bounds.LingerTime.class)
    Optional<Duration> tcpDeferAccept();

    /** How long close() keeps unsent data, in whole seconds; 0 resets the connection and drops the data. */
    @WithConverter(Bounds.LingerTime.class)
    Optional<Duration> soLinger();

    /** The traffic class (IPv6) or type of service (IPv4) of outgoing packets: DSCP in the upper six bits. */
    @WithConverter(Bounds.Octet.class)
    Optional<Integer> trafficClass();

    /** Largest segment to send and to announce, in bytes. */
    @WithConverter(Bounds.SegmentSize.class)
    Optional<Integer> tcpMaxSegment();

    /** Unsent bytes in the send buffer below which the socket counts as writable. */
    @WithConverter(Bounds.BufferSize.class)
    Optional<MemorySize> tcpNotSentLowWater();

    /** Congestion control by its kernel name, such as cubic or bbr. */
    @WithConverter(Bounds.CongestionName.class)
    Optional<String> tcpCongestion();

    /** Upper bound of the announced window, in bytes. */
    @WithConverter(Bounds.BufferSize.class)
    Optional<MemorySize> tcpWindowClamp();

    /** How long an orphaned connection may stay in FIN_WAIT2, in whole seconds. */
    @WithConverter(Bounds.KeepAliveTime.class)
    Optional<Duration> tcpLinger2();

    /** Queueing priority of outgoing packets; above 6 needs CAP_NET_ADMIN or CAP_NET_RAW. */
    @WithConverter(Bounds.Octet.class)
    Optional<Integer> priority();

    /** Mark of outgoing packets for routing and filter rules; needs CAP_NET_ADMIN or CAP_NET_RAW. */
    @WithConverter(Bounds.Mark.class)
    Optional<Integer> mark();

    /** Time to live of outgoing IPv4 packets, hop limit of IPv6 ones: 1 to 255. */
    @WithConverter(Bounds.Hops.class)
    Optional<Integer> timeToLive();

    /** Bind an address that this machine does not have (yet). */
    @WithConverter(Bounds.Flag.class)
    Optional<Boolean> freeBind();

    /** Keep the headers of each client's SYN, as they arrived, for the reports; a few dozen bytes a connection. */
    @WithConverter(Bounds.Flag.class)
    Optional<Boolean> tcpSaveSyn();
}
