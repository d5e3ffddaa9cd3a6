package dev.tcpecho.server;

import dev.tcpecho.net.AcceptError;
import dev.tcpecho.net.Entrance;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.net.ProxyMode;
import dev.tcpecho.net.Reception;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Whom a listener serves: clients while there is a place for them and it does not close, and the connection of the
 * start-up check, which counts nowhere.
 */
final class Admission implements Reception {
    private static final Logger LOG = Logger.getLogger(Listener.class);

    private final String name;
    private final ListenerConfig config;
    private final int maxConnections;
    private final Traffic traffic;
    private final Places places;
    private final ListenerLoops clients = new ListenerLoops();
    private final ListenerLoops checked = new ListenerLoops();
    private final Map<EventLoop, RecvByteBufAllocator> reads = new HashMap<>();
    private final AcceptedOptions accepted = new AcceptedOptions();
    private final Map<SocketAddress, CompletableFuture<Void>> checks = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> emptied = new CompletableFuture<>();
    private final Rarely acceptWarnings = new Rarely();
    private final Rarely errors = new Rarely();
    private volatile boolean closing;
    private volatile boolean closed;

    Admission(String name, ListenerConfig config, int maxConnections, Traffic traffic) {
        this.name = name;
        this.config = config;
        this.maxConnections = maxConnections;
        this.traffic = traffic;
        this.places = new Places(config.maxConnectionsPerAddress());
    }

    /**
     * Before the first connection comes.
     *
     * @param ofClients the connections of one loop
     * @param ofChecks those of the start-up check on it
     */
    void serve(LoopConnections ofClients, LoopConnections ofChecks, RecvByteBufAllocator into) {
        clients.put(ofClients);
        checked.put(ofChecks);
        reads.put(ofClients.loop(), into);
    }

    /** What accepted connections have. */
    AcceptedOptions accepted() {
        return accepted;
    }

    /** From now on whoever comes is refused. */
    void refuse() {
        closing = true;
    }

    /** The sockets are closed: only now can no connection be on its way to a place among the active ones. */
    void close() {
        closed = true;
        completeIfEmpty();
    }

    /** Completes when the listener is closed and its last connection has ended. */
    CompletableFuture<Void> emptied() {
        return emptied;
    }

    /** Peer addresses that hold places now; none are counted without {@code max-connections-per-address}. */
    int addresses() {
        return places.addresses();
    }

    @Override
    public RecvByteBufAllocator readsOn(EventLoop loop) {
        return reads.get(loop);
    }

    @Override
    public Entrance entrance(ChannelHandler admitted) {
        return ((Connection) admitted).entrance();
    }

    @Override
    public ChannelHandler admit(ListeningSocket socket, Channel channel, EventLoop serving) {
        CompletableFuture<Void> check = checks.isEmpty() ? null : checks.remove(channel.remoteAddress());
        if (check != null) {
            accepted.offer(socket, channel, true);
            check.complete(null);
            return new Connection(checked.on(serving), null);
        }
        if (closing) {
            traffic.refuse(RefusalReason.DRAINING);
            return null;
        }
        accepted.offer(socket, channel, false);
        // Whatever can fail comes before the place is taken, and then only the end of the channel gives it back.
        Connection connection = new Connection(clients.on(serving), ConnectionLog.ifDebug());
        if (!isPeerNamedLater() && !hasPlace(channel)) {
            return null;
        }
        if (!traffic.take(maxConnections)) {
            places.giveBack(channel);
            return null;
        }
        if (!isPeerNamedLater()) {
            traffic.open();
        }
        channel.closeFuture().addListener(connection);
        return connection;
    }

    /** Whether a proxy may name the peer after accept, and who it is decides about its place. */
    boolean isPeerNamedLater() {
        return config.proxyProtocol() != ProxyMode.OFF && config.maxConnectionsPerAddress() > 0;
    }

    /** Where a proxy may name the peer, asked when it knows the peer; else before the connection is made. */
    boolean hasPlace(Channel channel) {
        boolean taken = places.take(channel);
        if (!taken) {
            traffic.refuse(RefusalReason.ADDRESS);
        }
        return taken;
    }

    /** A connection has ended and its place is free again. */
    void ended(Channel channel) {
        places.giveBack(channel);
        completeIfEmpty();
    }

    private void completeIfEmpty() {
        if (closed && traffic.active() == 0) {
            emptied.complete(null);
        }
    }

    /** A connection ended through a failure of ours. */
    @Override
    public void failed(Throwable cause) {
        errors.run(unlogged -> LOG.errorf(
                cause,
                "listener %s: a connection failed and was reset; %d more since the last line of this kind",
                name,
                unlogged));
    }

    @Override
    public void acceptFailed(Throwable cause) {
        traffic.acceptFailures.increment();
        String advice = AcceptError.of(cause).advice();
        acceptWarnings.run(unlogged -> LOG.warnf(
                "listener %s: accept failed: %s; %strying again shortly. %d more failures since the last line of this"
                        + " kind",
                name, cause.getMessage(), advice.isEmpty() ? "" : advice + "; ", unlogged));
    }

    /**
     * Marks the connection that will come from this address as the start-up check: it counts nowhere.
     *
     * @return completes when it has been accepted
     */
    CompletableFuture<Void> expectCheck(InetSocketAddress from) {
        return checks.computeIfAbsent(from, unseen -> new CompletableFuture<>());
    }

    /** Whoever comes from this address from now on is a client. */
    void forgetCheck(InetSocketAddress from) {
        checks.remove(from);
    }
}
