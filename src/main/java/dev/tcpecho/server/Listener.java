package dev.tcpecho.server;

import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.BlockReads;
import dev.tcpecho.net.Entrance;
import dev.tcpecho.net.EventLoops;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.net.Outflow;
import dev.tcpecho.net.ReadBuffer;
import dev.tcpecho.net.Reception;
import dev.tcpecho.net.Shard;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.Role;
import dev.tcpecho.option.SocketOption;
import dev.tcpecho.option.TcpInfoOption;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** One named listener: its sockets, the connections that they accepted, and its figures. */
public final class Listener implements Reception {
    private static final Logger LOG = Logger.getLogger(Listener.class);

    private final String name;
    private final ListenerConfig config;
    private final int maxConnections;
    private final Vertx vertx;
    private final Traffic traffic = new Traffic();
    private final List<ListeningSocket> sockets = new ArrayList<>();
    private final Entrance entrance = Entrance.NONE;
    private final Map<EventLoop, RecvByteBufAllocator> reads = new HashMap<>();
    private final Map<EventLoop, LoopConnections> connections = new HashMap<>();
    private final Map<EventLoop, LoopConnections> checkConnections = new HashMap<>();
    private final Set<InetSocketAddress> checks = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> emptied = new CompletableFuture<>();
    private final Rarely acceptWarnings = new Rarely();
    private final Rarely errors = new Rarely();
    private volatile List<OptionReading> accepted = List.of();
    private volatile boolean closing;
    private volatile boolean closed;

    Listener(
            String name,
            ListenerConfig config,
            int maxConnections,
            Collection<InetAddress> addresses,
            Vertx vertx,
            Map<EventLoop, ReadBuffer> readBuffers) {
        this.name = name;
        this.config = config;
        this.maxConnections = maxConnections;
        this.vertx = vertx;
        for (EventLoop loop : EventLoops.of(vertx)) {
            ReadBuffer shared = readBuffers.get(loop).limitedTo(ConfiguredListeners.largestRead(config));
            reads.put(loop, entrance.isEmpty() ? shared : new BlockReads(shared.room()));
            Outflow outflow = Outflow.of(entrance, shared, config.socket());
            connections.put(loop, new LoopConnections(this, loop, traffic, outflow));
            checkConnections.put(loop, new LoopConnections(this, loop, new Traffic(), outflow));
        }
        boolean ipv4Too = addresses.stream().anyMatch(Addresses::isIpv4Any);
        for (InetAddress address : withoutTwice(addresses)) {
            for (int number = 0; number < config.acceptShards(); number++) {
                Shard shard = new Shard(number, config.acceptShards());
                sockets.add(socket(address, shard, ipv4Too && address.isAnyLocalAddress()));
            }
        }
    }

    /**
     * NIO cannot keep an IPv6 socket from taking IPv4 connections as well, and then no IPv4 socket can be bound beside
     * it, unless they share the port: the one serves both.
     */
    private Collection<InetAddress> withoutTwice(Collection<InetAddress> addresses) {
        boolean apart = vertx.isNativeTransportEnabled() || config.socket().reusePort() || config.port() == 0;
        boolean ipv6Any =
                addresses.stream().anyMatch(address -> address instanceof Inet6Address && address.isAnyLocalAddress());
        return apart || !ipv6Any
                ? addresses
                : addresses.stream()
                        .filter(address -> !Addresses.isIpv4Any(address))
                        .toList();
    }

    private ListeningSocket socket(InetAddress address, Shard shard, boolean v6Only) {
        return new ListeningSocket(
                new InetSocketAddress(address, config.port()),
                shard,
                v6Only && address instanceof Inet6Address,
                config.socket(),
                this);
    }

    @Override
    public RecvByteBufAllocator readsOn(EventLoop loop) {
        return reads.get(loop);
    }

    @Override
    public Entrance entrance() {
        return entrance;
    }

    /** Binds every socket; on failure none stays bound, and the failure names listener, host and port. */
    Future<Void> bind() {
        Future<Void> bound = Future.succeededFuture();
        for (ListeningSocket socket : sockets) {
            bound = bound.compose(done -> socket.bind(vertx, port(socket)).mapEmpty());
            bound = bound.recover(cause -> Future.failedFuture(
                    cause instanceof StartException ? cause : StartException.bind(name, socket.address(), cause)));
        }
        return bound.recover(cause -> close().transform(closed -> Future.failedFuture(cause)));
    }

    /** Shards stand behind each other, and go where the first of them is. */
    private int port(ListeningSocket socket) {
        int first = sockets.indexOf(socket) - socket.shard().number();
        return sockets.get(first).address().getPort();
    }

    /** Closes the sockets and frees the port; open connections go on. */
    Future<Void> close() {
        closing = true;
        return Future.join(sockets.stream().map(ListeningSocket::close).toList())
                .onComplete(done -> {
                    closed = true; // only now can no connection be on its way to a place among the active ones
                    completeIfEmpty();
                })
                .mapEmpty();
    }

    /** Completes when the listener is closed and its last connection has ended. */
    CompletableFuture<Void> emptied() {
        return emptied;
    }

    /** Has every connection end, each on its event loop. */
    void endConnections(CloseReason reason) {
        connections.values().forEach(each -> each.loop()
                .execute(() -> each.list().forEach(connection -> connection.end(reason))));
    }

    /** The oldest connections of each loop, this many at most from each; in no order. */
    CompletableFuture<List<ConnectionMoment>> oldest(int most) {
        return fromEachLoop(each -> each.oldest(most));
    }

    /** Open connections by the name of the event loop that serves them. */
    public Map<String, Integer> connectionsByLoop() {
        Map<String, Integer> counts = new TreeMap<>();
        connections.values().forEach(each -> counts.put(each.name(), each.size()));
        return counts;
    }

    /** TCP_INFO of a few connections of each loop, other ones each time. Where the kernel tells none, none. */
    public CompletableFuture<List<TcpInfo>> sample(int most) {
        return fromEachLoop(each -> each.sample(most).stream()
                .flatMap(channel -> TcpInfoOption.read(channel).stream())
                .toList());
    }

    private <T> CompletableFuture<List<T>> fromEachLoop(Function<LoopConnections, List<T>> question) {
        CompletableFuture<List<T>> answers = CompletableFuture.completedFuture(List.of());
        for (LoopConnections each : connections.values()) {
            answers = answers.thenCombine(
                    CompletableFuture.supplyAsync(() -> question.apply(each), each.loop()),
                    (some, more) -> Stream.concat(some.stream(), more.stream()).toList());
        }
        return answers;
    }

    @Override
    public ChannelHandler admit(ListeningSocket socket, Channel channel, EventLoop serving) {
        if (!checks.isEmpty() && checks.remove(channel.remoteAddress())) {
            accepted = socket.options(channel);
            return new Connection(checkConnections.get(serving), null);
        }
        if (closing) {
            traffic.refuse(RefusalReason.DRAINING);
            return null;
        }
        if (accepted.isEmpty()) {
            accepted = socket.options(channel);
        }
        // Whatever can fail comes before the place is taken, and then only the end of the channel gives it back.
        Connection connection = new Connection(connections.get(serving), ConnectionLog.of(socket, channel));
        if (!traffic.open(maxConnections)) {
            return null;
        }
        channel.closeFuture().addListener(connection);
        return connection;
    }

    LoopConnections connectionsOn(EventLoop loop) {
        return connections.get(loop);
    }

    /** A connection has ended and its place is free again. */
    void ended() {
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
        acceptWarnings.run(unlogged -> LOG.warnf(
                "listener %s: accept failed: %s; trying again shortly. Raise the descriptor limit or lower"
                        + " max-connections. %d more failures since the last line of this kind",
                name, cause.getMessage(), unlogged));
    }

    /** Marks the connection that will come from this address as the start-up check: it counts nowhere. */
    void expectCheck(InetSocketAddress from) {
        checks.add(from);
    }

    /** Whether the check from this address did not arrive (yet). */
    boolean isCheckMissing(InetSocketAddress from) {
        return checks.remove(from);
    }

    public String name() {
        return name;
    }

    public ListenerConfig config() {
        return config;
    }

    /** The limit in force, which the process's descriptor limit may have lowered. */
    public int maxConnections() {
        return maxConnections;
    }

    public Traffic traffic() {
        return traffic;
    }

    public List<ListeningSocket> sockets() {
        return List.copyOf(sockets);
    }

    /** The options of which sockets of this role can tell here, in the order of the catalogue. */
    public Set<SocketOption> knowable(Role role) {
        return options(role, ListeningSocket::knowable);
    }

    /** The options that are asked for on sockets of this role. */
    public Set<SocketOption> requested(Role role) {
        return options(role, ListeningSocket::requested);
    }

    private Set<SocketOption> options(Role role, BiFunction<ListeningSocket, Role, Set<SocketOption>> question) {
        Set<SocketOption> options = EnumSet.noneOf(SocketOption.class);
        sockets.forEach(socket -> options.addAll(question.apply(socket, role)));
        return options;
    }

    /** The options that a connection had right after it was accepted; empty until there was one. */
    public List<OptionReading> accepted() {
        return accepted;
    }
}
