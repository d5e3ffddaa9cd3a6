package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.BindFailure;
import dev.tcpecho.net.Binding;
import dev.tcpecho.net.HostAddress;
import dev.tcpecho.net.ListenerOptions;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.net.Reception;
import dev.tcpecho.net.Shard;
import dev.tcpecho.option.Role;
import dev.tcpecho.option.SocketOption;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;

/** The listening sockets of one listener: one for each of its addresses and shards. */
final class ListenerSockets {
    private static final Logger LOG = Logger.getLogger(Listener.class);

    private final String name;
    private final ListenerConfig config;
    private final List<HostAddress> addresses;
    private final boolean ipv4Elsewhere;
    private final boolean accepting;
    private final Vertx vertx;
    private final List<ListeningSocket> sockets = new CopyOnWriteArrayList<>();

    /**
     * @param ipv4Elsewhere whether 0.0.0.0 is listened on with the same port: then {@code ::} means IPv6 alone
     * @param accepting whether what waits in the accept queues is to be taken
     */
    ListenerSockets(
            String name,
            ListenerConfig config,
            Collection<HostAddress> addresses,
            boolean ipv4Elsewhere,
            boolean accepting,
            Vertx vertx) {
        this.name = name;
        this.config = config;
        this.vertx = vertx;
        this.addresses = withoutTwice(addresses);
        this.ipv4Elsewhere = ipv4Elsewhere;
        this.accepting = accepting;
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

    /**
     * Binds every socket. On failure some may stay bound; it names listener, host and port. An address that the
     * listener can do without is left out where the machine does not have it, as long as another is there.
     */
    CompletableFuture<Void> bind(Reception reception) {
        CompletableFuture<Void> bound = CompletableFuture.completedFuture(null);
        for (HostAddress address : addresses) {
            bound = bound.thenCompose(done -> bind(address, reception));
        }
        return bound;
    }

    private CompletableFuture<Void> bind(HostAddress address, Reception reception) {
        boolean last = address == addresses.get(addresses.size() - 1);
        return open(address, 0, config.port(), reception)
                .thenCompose(first -> {
                    CompletableFuture<Void> shards = CompletableFuture.completedFuture(null);
                    for (int number = 1; number < config.acceptShards(); number++) {
                        int shard = number;
                        shards = shards.thenCompose(done ->
                                        open(address, shard, first.address().getPort(), reception))
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

    private CompletableFuture<ListeningSocket> open(HostAddress address, int shard, int port, Reception reception) {
        boolean v6Only = ipv4Elsewhere
                && !address.isAllInterfaces()
                && Addresses.isIpv6(address.address())
                && address.address().isAnyLocalAddress();
        Binding binding = new Binding(
                new InetSocketAddress(address.address(), port),
                new Shard(shard, config.acceptShards()),
                v6Only,
                accepting,
                config.socket());
        return ListeningSocket.open(vertx, binding, reception).thenApply(opened -> {
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
                new BindFailure.Sharing(
                        config.socket().reuseAddress(), config.socket().reusePort()),
                cause);
    }

    private static Throwable root(Throwable cause) {
        return cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
    }

    /** Frees the port; open connections go on. */
    CompletableFuture<Void> close() {
        return CompletableFuture.allOf(
                sockets.stream().map(ListeningSocket::close).toArray(CompletableFuture[]::new));
    }

    /** The closed ones, before they are bound again. */
    void forget() {
        sockets.clear();
    }

    List<ListeningSocket> list() {
        return List.copyOf(sockets);
    }

    /** The options of which sockets of this role can tell here, in the order of the catalogue. */
    Set<SocketOption> knowable(Role role) {
        return options(role, ListenerOptions::knowable);
    }

    /** The options that are asked for on sockets of this role. */
    Set<SocketOption> requested(Role role) {
        return options(role, ListenerOptions::requested);
    }

    private Set<SocketOption> options(Role role, BiFunction<ListenerOptions, Role, Set<SocketOption>> question) {
        Set<SocketOption> options = EnumSet.noneOf(SocketOption.class);
        sockets.forEach(socket -> options.addAll(question.apply(socket.options(), role)));
        return options;
    }
}
