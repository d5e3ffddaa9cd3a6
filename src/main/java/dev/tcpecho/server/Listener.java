package dev.tcpecho.server;

import dev.tcpecho.kernel.Sysctls;
import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.net.BlockReads;
import dev.tcpecho.net.Entrance;
import dev.tcpecho.net.EventLoops;
import dev.tcpecho.net.HostAddress;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.net.Outflow;
import dev.tcpecho.net.ReadBuffer;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.Role;
import dev.tcpecho.option.SocketOption;
import io.netty.channel.EventLoop;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One named listener: its sockets, the connections that they accepted, and its figures. */
public final class Listener {
    private final String name;
    private final ListenerConfig config;
    private final ConnectionLimit limit;
    private final Vertx vertx;
    private final Traffic traffic = new Traffic();
    private final ListenerSockets sockets;
    private final Admission admission;
    private final ListenerEntrance front;
    private final ListenerFault fault;
    private final int generation;
    private final Map<EventLoop, ClosedRing> rings;
    private final ListenerLoops loops = new ListenerLoops();

    /** @param ipv4Elsewhere whether 0.0.0.0 is listened on with the same port: then {@code ::} means IPv6 alone */
    Listener(
            String name,
            ListenerConfig config,
            ConnectionLimit limit,
            Collection<HostAddress> addresses,
            boolean ipv4Elsewhere,
            Vertx vertx,
            TlsConfigurationRegistry tls,
            Map<EventLoop, ReadBuffer> readBuffers,
            Map<EventLoop, ClosedRing> rings) {
        this.name = name;
        this.config = config;
        this.limit = limit;
        this.vertx = vertx;
        this.rings = rings;
        this.generation = Generation.current(vertx);
        this.admission = new Admission(name, config, limit.inForce(), traffic);
        this.front = new ListenerEntrance(name, config, traffic, tls);
        this.fault = new ListenerFault(config.fault());
        this.sockets = new ListenerSockets(name, config, addresses, ipv4Elsewhere, !fault.neverAccepts(), vertx);
        Entrance entrance = front.entrance(fault);
        for (EventLoop loop : EventLoops.of(vertx)) {
            ReadBuffer shared = readBuffers.get(loop).limitedTo(ConfiguredListeners.largestRead(config));
            Outflow outflow = Outflow.of(entrance, shared, config.socket());
            LoopConnections clients = new LoopConnections(this, loop, traffic, entrance, outflow, rings.get(loop));
            loops.put(clients);
            admission.serve(
                    clients,
                    new LoopConnections(this, loop, new Traffic(), entrance.withoutSteps(), outflow, null),
                    entrance.isEmpty() ? shared : new BlockReads(shared.room().entrances()));
        }
    }

    /**
     * Binds every socket. On failure none stays bound, and the failure names listener, host and port. An address that
     * the listener can do without is left out where the machine does not have it, as long as another is there.
     */
    CompletableFuture<Void> bind() {
        return sockets.bind(admission)
                .exceptionallyCompose(cause -> close().thenCompose(closed -> CompletableFuture.failedFuture(cause)));
    }

    /** Closes the sockets and frees the port; open connections go on. */
    CompletableFuture<Void> close() {
        // Whom a socket accepts while it is still open was told nothing else: served like all others.
        return sockets.close().whenComplete((done, failure) -> leave());
    }

    /** Takes no more connections, and keeps its sockets; whatever they accept is somebody else's. */
    void leave() {
        admission.refuse();
        admission.close();
    }

    /** Listens again where it did, for somebody else. */
    CompletableFuture<Void> listenAgain() {
        sockets.forget();
        return bind();
    }

    /** Completes when the listener is closed and its last connection has ended. */
    CompletableFuture<Void> emptied() {
        return admission.emptied();
    }

    /** Its connections. */
    ListenerLoops loops() {
        return loops;
    }

    /** None when endings are not remembered. */
    Collection<ClosedRing> closedRings() {
        return rings.values();
    }

    /** Open connections by the name of the event loop that serves them. */
    public Map<String, Integer> connectionsByLoop() {
        return loops.connectionsByLoop();
    }

    /** TCP_INFO of a few connections of each loop, other ones each time. Where the kernel tells none, none. */
    public CompletableFuture<List<TcpInfo>> sample(int most) {
        return loops.sample(most);
    }

    /** What is wrong on purpose, if anything is. */
    public ListenerFault fault() {
        return fault;
    }

    void renewed(CertificateUpdatedEvent event) {
        front.renewed(event);
    }

    /** Whom it serves. */
    Admission admission() {
        return admission;
    }

    public String name() {
        return name;
    }

    public ListenerConfig config() {
        return config;
    }

    /** Peer addresses that hold places now; none are counted without {@code max-connections-per-address}. */
    int addresses() {
        return admission.addresses();
    }

    /** How often this JVM had bound listeners when this one was. */
    int generation() {
        return generation;
    }

    public ConnectionLimit connectionLimit() {
        return limit;
    }

    public Traffic traffic() {
        return traffic;
    }

    public List<ListeningSocket> sockets() {
        return sockets.list();
    }

    /** The options of which sockets of this role can tell here, in the order of the catalogue. */
    public Set<SocketOption> knowable(Role role) {
        return sockets.knowable(role);
    }

    /** The options that are asked for on sockets of this role. */
    public Set<SocketOption> requested(Role role) {
        return sockets.requested(role);
    }

    /**
     * What accepted connections have, by family; empty until there was one. Blocks for half a second at most, when what
     * is known is too old and a connection is open.
     */
    public List<AcceptedReading> accepted(Sysctls now) {
        return admission.accepted().readings(sockets(), loops, traffic.active() > 0, now);
    }

    /** The options of accepted connections, each from the family that it belongs to; empty until there was one. */
    public List<OptionReading> accepted() {
        return AcceptedReading.merged(accepted(Sysctls.read()));
    }

    /** Why {@link #accepted} is empty; empty when it is not. */
    public Optional<String> whyAcceptedIsUnknown() {
        return accepted().isEmpty() ? admission.accepted().whyUnknown() : Optional.empty();
    }
}
