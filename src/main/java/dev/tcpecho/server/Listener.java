package dev.tcpecho.server;

import dev.tcpecho.kernel.Sysctls;
import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.BindFailure;
import dev.tcpecho.net.Binding;
import dev.tcpecho.net.BlockReads;
import dev.tcpecho.net.Entrance;
import dev.tcpecho.net.EventLoops;
import dev.tcpecho.net.HostAddress;
import dev.tcpecho.net.ListenerOptions;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.net.Outflow;
import dev.tcpecho.net.ProxyMode;
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
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** One named listener: its sockets, the connections that they accepted, and its figures. */
public final class Listener implements Reception {
    private static final Logger LOG = Logger.getLogger(Listener.class);

    /** Connections of each loop among which one of a family is looked for, and how long that may take. */
    private static final int SAMPLED = 16;

    private static final long REFRESH_MILLIS = 500;

    private final String name;
    private final ListenerConfig config;
    private final int maxConnections;
    private final Vertx vertx;
    private final Traffic traffic = new Traffic();
    private final List<HostAddress> addresses;
    private final boolean ipv4Elsewhere;
    private final List<ListeningSocket> sockets = new CopyOnWriteArrayList<>();
    private final Places places;
    private final ListenerEntrance front;
    private final ListenerFault fault;
    private final int generation;
    private final Map<EventLoop, ClosedRing> rings;
    private final Map<EventLoop, RecvByteBufAllocator> reads = new HashMap<>();
    private final Map<EventLoop, LoopConnections> connections = new HashMap<>();
    private final Map<EventLoop, LoopConnections> checkConnections = new HashMap<>();
    private final Map<SocketAddress, CompletableFuture<Void>> checks = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> emptied = new CompletableFuture<>();
    private final Rarely acceptWarnings = new Rarely();
    private final Rarely errors = new Rarely();
    private volatile String unknown;
    private final AcceptedOptions accepted = new AcceptedOptions();
    private volatile boolean closing;
    private volatile boolean closed;

    /** @param ipv4Elsewhere whether 0.0.0.0 is listened on with the same port: then {@code ::} means IPv6 alone */
    Listener(
            String name,
            ListenerConfig config,
            int maxConnections,
            Collection<HostAddress> addresses,
            boolean ipv4Elsewhere,
            Vertx vertx,
            TlsConfigurationRegistry tls,
            Map<EventLoop, ReadBuffer> readBuffers,
            Map<EventLoop, ClosedRing> rings) {
        this.name = name;
        this.config = config;
        this.maxConnections = maxConnections;
        this.vertx = vertx;
        this.rings = rings;
        this.generation = Generation.current(vertx);
        this.places = new Places(config.maxConnectionsPerAddress());
        this.front = new ListenerEntrance(name, config, traffic, tls);
        this.fault = new ListenerFault(config.fault());
        Entrance entrance = front.entrance(fault);
        for (EventLoop loop : EventLoops.of(vertx)) {
            ReadBuffer shared = readBuffers.get(loop).limitedTo(ConfiguredListeners.largestRead(config));
            reads.put(loop, entrance.isEmpty() ? shared : new BlockReads(shared.room()));
            Outflow outflow = Outflow.of(entrance, shared, config.socket());
            connections.put(loop, new LoopConnections(this, loop, traffic, entrance, outflow, rings.get(loop)));
            checkConnections.put(
                    loop, new LoopConnections(this, loop, new Traffic(), entrance.withoutSteps(), outflow, null));
        }
        this.addresses = withoutTwice(addresses);
        this.ipv4Elsewhere = ipv4Elsewhere;
    }

    /**
     * NIO cannot keep an IPv6 socket from taking IPv4 connections as well, and then no IPv4 socket can be bound beside
     * it, unless they share the port: the one serves both.
     */
    private List<HostAddress> withoutTwice(Collection<HostAddress> asked) {
        boolean apart = vertx.isNativeTransportEnabled() || config.socket().reusePort() || config.port() == 0;
        boolean ipv6Any = asked.stream()
                .map(HostAddress::address)
                .anyMatch(address -> Addresses.isIpv6(address) && address.isAnyLocalAddress());
        return asked.stream()
                .filter(each -> apart || !ipv6Any || !Addresses.isIpv4Any(each.address()))
                .toList();
    }

    @Override
    public RecvByteBufAllocator readsOn(EventLoop loop) {
        return reads.get(loop);
    }

    @Override
    public Entrance entrance(ChannelHandler admitted) {
        return ((Connection) admitted).entrance();
    }

    /**
     * Binds every socket. On failure none stays bound, and the failure names listener, host and port. An address that
     * the listener can do without is left out where the machine does not have it, as long as another is there.
     */
    CompletableFuture<Void> bind() {
        CompletableFuture<Void> bound = CompletableFuture.completedFuture(null);
        for (HostAddress address : addresses) {
            bound = bound.thenCompose(done -> bind(address));
        }
        return bound.exceptionallyCompose(
                cause -> close().thenCompose(closed -> CompletableFuture.failedFuture(cause)));
    }

    private CompletableFuture<Void> bind(HostAddress address) {
        boolean last = address == addresses.get(addresses.size() - 1);
        return open(address, 0, config.port())
                .thenCompose(first -> {
                    CompletableFuture<Void> shards = CompletableFuture.completedFuture(null);
                    for (int number = 1; number < config.acceptShards(); number++) {
                        int shard = number;
                        shards = shards.thenCompose(done ->
                                        open(address, shard, first.address().getPort()))
                                .thenAccept(opened -> {});
                    }
                    return shards;
                })
                .exceptionallyCompose(cause -> {
                    if (address.optional() && !(last && sockets.isEmpty()) && isMissing(address, root(cause))) {
                        LOG.warnf(
                                "listener %s: host %s: %s is left out: %s",
                                name,
                                address.host(),
                                Addresses.text(address.address()),
                                explained(address, root(cause)));
                        return CompletableFuture.completedFuture(null);
                    }
                    return CompletableFuture.failedFuture(new StartException("listener " + name
                            + ": cannot listen on host " + Addresses.text(address.address()) + " port "
                            + config.port() + ": " + explained(address, root(cause))));
                });
    }

    private CompletableFuture<ListeningSocket> open(HostAddress address, int shard, int port) {
        boolean v6Only = ipv4Elsewhere
                && !address.isAllInterfaces()
                && Addresses.isIpv6(address.address())
                && address.address().isAnyLocalAddress();
        Binding binding = new Binding(
                new InetSocketAddress(address.address(), port),
                new Shard(shard, config.acceptShards()),
                v6Only,
                !fault.neverAccepts(),
                config.socket());
        return ListeningSocket.open(vertx, binding, this).thenApply(opened -> {
            sockets.add(opened);
            return opened;
        });
    }

    private boolean isMissing(HostAddress address, Throwable cause) {
        BindFailure.Kind kind = BindFailure.kind(new InetSocketAddress(address.address(), config.port()), cause);
        return kind == BindFailure.Kind.NO_SUCH_ADDRESS || kind == BindFailure.Kind.NO_SUCH_FAMILY;
    }

    private String explained(HostAddress address, Throwable cause) {
        return BindFailure.explain(
                new InetSocketAddress(address.address(), config.port()),
                config.socket().reusePort(),
                cause);
    }

    private static Throwable root(Throwable cause) {
        return cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
    }

    /** Closes the sockets and frees the port; open connections go on. */
    CompletableFuture<Void> close() {
        closing = true;
        return CompletableFuture.allOf(
                        sockets.stream().map(ListeningSocket::close).toArray(CompletableFuture[]::new))
                .whenComplete((done, failure) -> {
                    closed = true; // only now can no connection be on its way to a place among the active ones
                    completeIfEmpty();
                });
    }

    /** Takes no more connections, and keeps its sockets; whatever they accept is somebody else's. */
    void leave() {
        closing = true;
        closed = true;
        completeIfEmpty();
    }

    /** Listens again where it did, for somebody else. */
    CompletableFuture<Void> listenAgain() {
        sockets.clear();
        return bind();
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
    CompletableFuture<List<ConnectionMoment>> oldest(int most, Predicate<Channel> wanted) {
        return fromEachLoop(each -> each.oldest(most, wanted));
    }

    /** None when endings are not remembered. */
    Collection<ClosedRing> closedRings() {
        return rings.values();
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
        CompletableFuture<Void> check = checks.isEmpty() ? null : checks.remove(channel.remoteAddress());
        if (check != null) {
            accepted.offer(socket, channel, true);
            check.complete(null);
            return new Connection(checkConnections.get(serving), null);
        }
        if (closing) {
            traffic.refuse(RefusalReason.DRAINING);
            return null;
        }
        accepted.offer(socket, channel, false);
        // Whatever can fail comes before the place is taken, and then only the end of the channel gives it back.
        Connection connection = new Connection(connections.get(serving), ConnectionLog.ifDebug());
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

    /** What is wrong on purpose, if anything is. */
    public ListenerFault fault() {
        return fault;
    }

    void renewed(CertificateUpdatedEvent event) {
        front.renewed(event);
    }

    LoopConnections connectionsOn(EventLoop loop) {
        return connections.get(loop);
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
        acceptWarnings.run(unlogged -> LOG.warnf(
                "listener %s: accept failed: %s; trying again shortly. Raise the descriptor limit or lower"
                        + " max-connections. %d more failures since the last line of this kind",
                name, cause.getMessage(), unlogged));
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

    /** The check could not find out what an accepted connection has. */
    void acceptedIsUnknown(String why) {
        unknown = why;
    }

    public String name() {
        return name;
    }

    public ListenerConfig config() {
        return config;
    }

    /** Peer addresses that hold places now; none are counted without {@code max-connections-per-address}. */
    int addresses() {
        return places.addresses();
    }

    /** How often this JVM had bound listeners when this one was. */
    int generation() {
        return generation;
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
        return options(role, ListenerOptions::knowable);
    }

    /** The options that are asked for on sockets of this role. */
    public Set<SocketOption> requested(Role role) {
        return options(role, ListenerOptions::requested);
    }

    private Set<SocketOption> options(Role role, BiFunction<ListenerOptions, Role, Set<SocketOption>> question) {
        Set<SocketOption> options = EnumSet.noneOf(SocketOption.class);
        sockets.forEach(socket -> options.addAll(question.apply(socket.options(), role)));
        return options;
    }

    /**
     * What accepted connections have, by family; empty until there was one. Blocks for half a second at most, when what
     * is known is too old and a connection is open.
     */
    public List<AcceptedReading> accepted(Sysctls now) {
        if (traffic.active() > 0 && accepted.isStale(now)) {
            try {
                accepted.refresh(
                        sockets,
                        fromEachLoop(each -> each.sample(SAMPLED)).get(REFRESH_MILLIS, TimeUnit.MILLISECONDS),
                        now);
            } catch (TimeoutException | ExecutionException e) {
                LOG.debug("an event loop does not answer: the accepted options stay those of before", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else {
            accepted.refresh(sockets, List.of(), now);
        }
        return accepted.readings(now);
    }

    /** The options of accepted connections, each from the family that it belongs to; empty until there was one. */
    public List<OptionReading> accepted() {
        return AcceptedReading.merged(accepted(Sysctls.read()));
    }

    /** Why {@link #accepted} is empty; empty when it is not. */
    public Optional<String> whyAcceptedIsUnknown() {
        return accepted().isEmpty() ? Optional.ofNullable(unknown) : Optional.empty();
    }
}
