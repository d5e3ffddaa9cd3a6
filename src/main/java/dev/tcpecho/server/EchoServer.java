package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.EventLoops;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.net.Transport;
import dev.tcpecho.option.SocketSettings;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The service: bind, then serve, then ready; and back. Nothing here blocks. Time is kept by the JDK's timer, so that an
 * event loop that hangs cannot hold up the end.
 */
public final class EchoServer {
    private static final Logger LOG = Logger.getLogger(EchoServer.class);
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final EchoConfig config;
    private final TlsConfigurationRegistry tls;
    private final SidePortAddress sidePort;
    private final Generation generation;
    private final AtomicReference<ServiceState> state = new AtomicReference<>(ServiceState.STARTING);
    private final List<Runnable> whenBound = new CopyOnWriteArrayList<>();
    private volatile List<Listener> listeners = List.of();
    private volatile long drainFinished;
    private volatile long drainForced;

    /** Binds nothing yet: that is for {@link #start}. */
    public EchoServer(Vertx vertx, EchoConfig config, TlsConfigurationRegistry tls) {
        this(vertx, config, tls, SidePortAddress.NONE);
    }

    EchoServer(Vertx vertx, EchoConfig config, TlsConfigurationRegistry tls, SidePortAddress sidePort) {
        this.vertx = vertx;
        this.config = config;
        this.tls = tls;
        this.sidePort = sidePort;
        this.generation = Generation.next(vertx);
    }

    /**
     * What has to be done between the bind and the first ready answer, such as registering what is told of the bound
     * listeners; to be called before {@link #start}.
     */
    public void whenBound(Runnable action) {
        whenBound.add(action);
    }

    /**
     * Binds all listeners in turn, checks them, tells of shortfalls, and serves. When any of it fails, everything is
     * closed again, the state is stopped, and the failure is a {@link StartException}.
     */
    public CompletableFuture<Void> start() {
        return CompletableFuture.runAsync(
                        () -> listeners = ConfiguredListeners.of(config, vertx, sidePort, tls), this::onWorker)
                .thenCompose(configured -> bindListeners())
                .thenComposeAsync(bound -> StartUpCheck.run(listeners, this::onWorker), this::onWorker)
                .thenRunAsync(
                        () -> {
                            tellOfShortfalls();
                            whenBound.forEach(Runnable::run);
                            become(ServiceState.SERVING);
                            LOG.infof(
                                    "Serving on %s, transport %s",
                                    boundAddresses(), transport().name());
                            tellOfCompetition();
                        },
                        this::onWorker)
                .exceptionallyCompose(cause -> closeListeners().thenCompose(closed -> {
                    become(ServiceState.STOPPED);
                    return CompletableFuture.failedFuture(cause);
                }));
    }

    private CompletableFuture<Void> bindListeners() {
        CompletableFuture<Void> bound = CompletableFuture.completedFuture(null);
        for (Listener listener : listeners) {
            bound = bound.thenCompose(done -> listener.bind());
        }
        return bound;
    }

    /**
     * What Vert.x 5 calls NetServer.shutdown(timeout), after a while in which load balancers turn away: readiness is
     * down from here on; then it refuses, lets connections finish, and ends the rest. Does nothing unless it serves.
     */
    public CompletableFuture<Void> drain() {
        if (!become(ServiceState.DRAINING)) {
            return CompletableFuture.completedFuture(null);
        }
        LOG.infof("Draining: %d connections open, accepting for another %s", sum(Traffic::active), config.drainDelay());
        return after(config.drainDelay()).thenCompose(turnedAway -> {
            long closedBefore = sum(Traffic::closed);
            return closeListeners()
                    .thenCompose(closed -> within(config.drainTimeout(), emptied()))
                    .thenCompose(empty ->
                            empty ? CompletableFuture.completedFuture(null) : endConnections(CloseReason.DRAIN_TIMEOUT))
                    .thenRun(() -> drained(closedBefore));
        });
    }

    private void drained(long closedBefore) {
        drainForced = sum(traffic -> traffic.closed(CloseReason.DRAIN_TIMEOUT));
        drainFinished = sum(Traffic::closed) - closedBefore - drainForced;
        LOG.infof("Drained: %d connections finished, %d were forced", drainFinished, drainForced);
    }

    /** Closes the listeners, ends what is open, and is stopped. Bounded, and harmless when it is stopped already. */
    public CompletableFuture<Void> stop() {
        if (state() == ServiceState.STOPPED) {
            return CompletableFuture.completedFuture(null);
        }
        return closeListeners()
                .thenCompose(closed -> endConnections(CloseReason.FORCED))
                .thenRun(() -> {
                    if (become(ServiceState.STOPPED)) {
                        LOG.info("Stopped");
                    }
                });
    }

    /** The longest that {@link #drain} may take; only a JVM without a turn for its timer takes longer. */
    Duration longestDrain() {
        return config.drainDelay().plus(config.drainTimeout()).plus(CLOSE_BOUND.multipliedBy(2));
    }

    /** New keys of a TLS configuration, in files that were changed: the next handshake sees them. */
    public void renewed(CertificateUpdatedEvent event) {
        listeners.forEach(listener -> listener.renewed(event));
    }

    /** Whether it was this call that changed the state. */
    private boolean become(ServiceState next) {
        ServiceState now = state.get();
        while (now.mayBecome(next)) {
            if (state.compareAndSet(now, next)) {
                return true;
            }
            now = state.get();
        }
        return false;
    }

    private void tellOfShortfalls() {
        if (config.shortfall() == ShortfallPolicy.OFF) {
            return;
        }
        List<String> shortfalls = listeners.stream().flatMap(Shortfalls::of).toList();
        if (config.shortfall() == ShortfallPolicy.FAIL && !shortfalls.isEmpty()) {
            throw new StartException(String.join(System.lineSeparator(), shortfalls));
        }
        shortfalls.forEach(LOG::warn);
    }

    /** A second instance that was started by accident looks healthy, and gets a part of the connections. */
    private void tellOfCompetition() {
        for (Listener listener : listeners) {
            listener.sockets().stream()
                    .filter(socket -> socket.shard().number() == 0)
                    .forEach(socket -> socket.others()
                            .forEach(other -> LOG.warnf(
                                    "listener %s: another process listens on %s as well as we on %s, and gets %s. If that"
                                            + " is a second instance by accident, stop it, and set %s=false so that"
                                            + " it cannot happen (find it with: ss -ltnp)",
                                    listener.name(),
                                    Addresses.text(other.address()),
                                    Addresses.text(socket.address()),
                                    other.takes(),
                                    ConfiguredListeners.key(listener.name(), "socket.reuse-port"))));
        }
    }

    private String boundAddresses() {
        return listeners.stream()
                .flatMap(listener -> listener.sockets().stream()
                        .map(socket ->
                                (isDefault(listener) ? "" : listener.name() + " ") + Addresses.text(socket.address())))
                .collect(Collectors.joining(", "));
    }

    private static boolean isDefault(Listener listener) {
        return listener.name().equals(EchoConfig.DEFAULT_LISTENER);
    }

    private long sum(ToLongFunction<Traffic> figure) {
        return listeners.stream().map(Listener::traffic).mapToLong(figure).sum();
    }

    private CompletableFuture<Void> closeListeners() {
        CompletableFuture<Void> closed =
                CompletableFuture.allOf(listeners.stream().map(Listener::close).toArray(CompletableFuture[]::new));
        return within(CLOSE_BOUND, closed).thenAccept(inTime -> {
            if (!inTime) {
                LOG.warn("The listeners did not close in time: an event loop is blocked");
            }
        });
    }

    private CompletableFuture<Void> endConnections(CloseReason reason) {
        listeners.forEach(listener -> listener.endConnections(reason));
        return within(CLOSE_BOUND, emptied()).thenAccept(inTime -> {
            if (!inTime) {
                LOG.warnf("%d connections did not end in time: an event loop is blocked", sum(Traffic::active));
            }
        });
    }

    private CompletableFuture<Void> emptied() {
        return CompletableFuture.allOf(listeners.stream().map(Listener::emptied).toArray(CompletableFuture[]::new));
    }

    /** Whether it completed within the time. */
    private static CompletableFuture<Boolean> within(Duration time, CompletableFuture<Void> future) {
        return future.thenApply(done -> true).completeOnTimeout(false, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Completed by the timer itself: a task would wait for its turn in the common pool, which others may hold. */
    private static CompletableFuture<Void> after(Duration time) {
        return new CompletableFuture<Void>().completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Names are resolved, options and files of /proc are read, and the check waits: not on an event loop. */
    private void onWorker(Runnable task) {
        vertx.executeBlocking(
                () -> {
                    task.run();
                    return null;
                },
                false);
    }

    /** The event loops that do not answer within the time, by thread name; blocks for as long at most. */
    public List<String> silentLoops(long time, TimeUnit unit) {
        Set<EventExecutor> loops = new LinkedHashSet<>(EventLoops.of(vertx));
        for (Listener listener : listeners) {
            // Not every transport accepts on the loops that serve.
            listener.sockets().forEach(socket -> socket.loop().ifPresent(loops::add));
        }
        return EventLoops.silent(loops, Duration.of(time, unit.toChronoUnit()));
    }

    public ServiceState state() {
        return state.get();
    }

    /**
     * What this machine would give for these settings, on a socket of the family of the default listener's first.
     * Blocks for a quarter of a second at most.
     *
     * @throws IllegalArgumentException when no socket can be made like that
     * @throws TimeoutException when an event loop does not get to it in time
     */
    public WhatIf whatIf(SocketSettings settings) throws InterruptedException, TimeoutException {
        boolean ipv6 = listeners.stream()
                .flatMap(listener -> listener.sockets().stream())
                .findFirst()
                .map(ListeningSocket::isIpv6)
                .orElse(false);
        return WhatIf.ask(vertx, ipv6, settings, WhatIf.BOUND);
    }

    /** How often the listeners were bound in this JVM: 1, and one more for each dev-mode reload. */
    public int generation() {
        return generation.number();
    }

    public Transport transport() {
        return Transport.of(vertx);
    }

    /** The default listener first, then the others by name. */
    public List<Listener> listeners() {
        return listeners;
    }

    /** Connections that ended by themselves while draining. */
    public long drainFinished() {
        return drainFinished;
    }

    /** Connections that were ended when the drain's time was up. */
    public long drainForced() {
        return drainForced;
    }
}
