package dev.tcpecho.server;

import dev.tcpecho.net.Cidr;
import dev.tcpecho.net.ProxyMode;
import dev.tcpecho.net.TlsClientAuth;
import dev.tcpecho.option.Bounds;
import dev.tcpecho.option.SocketSettings;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One listener: {@code echo.*} for the default one, {@code echo.listeners.<name>.*} for each further one. */
public interface ListenerConfig {
    /** Addresses and names to bind; each name binds all its addresses. Empty or {@code *}: all interfaces. */
    @WithDefault("127.0.0.1")
    Optional<List<String>> host();

    /** TCP port; 0 takes any free one. */
    @WithDefault("8888")
    @WithConverter(Bounds.Port.class)
    int port();

    /** Sockets on each address, each with its own accept queue and event loop; above 1 it takes SO_REUSEPORT. */
    @WithDefault("1")
    @WithConverter(Bounds.Shards.class)
    int acceptShards();

    /**
     * {@code once}: read once, echo, finish. {@code stream}: every byte back until the client finishes. {@code report}:
     * tell in JSON what is known of the connection, finish. {@code discard}: read, throw away. {@code chargen}: send
     * characters without end, until the client finishes.
     */
    @WithDefault("once")
    EchoMode mode();

    /** {@code once}: the most bytes read and echoed. */
    @WithDefault("100")
    @WithConverter(Bounds.ReadLimit.class)
    int readLimit();

    /** Connections served at a time; one more is closed as soon as it is accepted. */
    @WithDefault("10000")
    @WithConverter(Bounds.Count.class)
    int maxConnections();

    /** Connections of one peer address at a time (IPv6: of one /64); one more is closed as it is accepted; 0 = any. */
    @WithDefault("0")
    @WithConverter(Bounds.CountOrNone.class)
    int maxConnectionsPerAddress();

    /** {@code once}: closes a connection whose peer sends nothing for this long; 0 = the idle time-out alone. */
    @WithDefault("30S")
    @WithConverter(Bounds.TimeoutOrNever.class)
    Duration firstByteTimeout();

    /** Closes a connection without a byte in either direction for this long; 0 = never. */
    @WithDefault("1H")
    @WithConverter(Bounds.TimeoutOrNever.class)
    Duration idleTimeout();

    /** Resets a connection whose peer takes none of the pending bytes for this long. */
    @WithDefault("30S")
    @WithConverter(Bounds.Timeout.class)
    Duration writeStallTimeout();

    /** {@code once}: how long unread input is discarded after our FIN, until the close is forced. */
    @WithDefault("5S")
    @WithConverter(Bounds.Timeout.class)
    Duration lingerTimeout();

    /** Whether connections begin with a PROXY protocol header: {@code off}, {@code optional} or {@code required}. */
    @WithDefault("off")
    ProxyMode proxyProtocol();

    /** Addresses and networks that may send that header; nobody else is believed. */
    Optional<List<@WithConverter(Cidr.Reader.class) Cidr>> trustedProxies();

    /** How long that header may take. */
    @WithDefault("3S")
    @WithConverter(Bounds.Timeout.class)
    Duration proxyHeaderTimeout();

    /** TLS with the keys and trust of {@code quarkus.tls.<name>.*}. */
    Optional<String> tlsConfigurationName();

    /** Whether TLS clients show a certificate: {@code none}, {@code request} or {@code required}. */
    @WithDefault("none")
    TlsClientAuth tlsClientAuth();

    SocketSettings socket();

    FaultSettings fault();
}
