package dev.tcpecho.server;

import dev.tcpecho.net.EventLoops;
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
import org.jboss.logging.Logger;

/**
 * The service: bind, then serve, then ready; and back. Nothing here blocks. Time is kept by the JDK's timer, so that an
 * event loop that hangs cannot hold up the end.
 */
public final class EchoServer {
    private static final Logger LOG = Logger.getLogger(EchoServer.class);

    private final Vertx vertx;
    private final EchoConfig config;
    private final TlsConfigurationRegistry tls;
    private final SidePortAddress sidePort;
    private final Generation generation;
    private final AtomicReference<ServiceState> state = new AtomicReference<>(ServiceState.STARTING);
    private final List<Runnable> whenBound = new CopyOnWriteArrayList<>();
    private volatile Listeners listeners = new Listeners(List.of());
    private volatile Drain drain = Drain.NONE;

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
                        () -> listeners = new Listeners(ConfiguredListeners.of(config, vertx, sidePort, tls)),
                        this::onWorker)
                .thenCompose(configured -> listeners.bind())
                .thenComposeAsync(bound -> StartUpCheck.run(listeners(), this::onWorker), this::onWorker)
                .thenRunAsync(
                        () -> {
                            Announcement announcement = new Announcement(listeners());
                            announcement.shortfalls(config.shortfall());
                            whenBound.forEach(Runnable::run);
                            become(ServiceState.SERVING);
                            announcement.serving(transport());
                            announcement.competition();
                        },
                        this::onWorker)
                .exceptionallyCompose(cause -> listeners.close().thenCompose(closed -> {
                    become(ServiceState.STOPPED);
                    return CompletableFuture.failedFuture(cause);
                }));
    }

    /**
     * What Vert.x 5 calls NetServer.shutdown(timeout), after a while in which load balancers turn away: readiness is
     * down from here on; then it refuses, lets connections finish, and ends the rest. Does nothing unless it serves.
     */
    public CompletableFuture<Void> drain() {
        if (!become(ServiceState.DRAINING)) {
            return CompletableFuture.completedFuture(null);
        }
        LOG.infof(
                "Draining: %d connections open, accepting for another %s",
                listeners.sum(Traffic::active), config.drainDelay());
        return Drain.run(listeners, config.drainDelay(), config.drainTimeout()).thenAccept(done -> {
            drain = done;
            LOG.infof("Drained: %d connections finished, %d were forced", done.finished(), done.forced());
        });
    }

    /** Closes the listeners, ends what is open, and is stopped. Bounded, and harmless when it is stopped already. */
    public CompletableFuture<Void> stop() {
        if (state() == ServiceState.STOPPED) {
            return CompletableFuture.completedFuture(null);
        }
        return listeners
                .close()
                .thenCompose(closed -> listeners.endConnections(CloseReason.FORCED))
                .thenRun(() -> {
                    if (become(ServiceState.STOPPED)) {
                        LOG.info("Stopped");
                    }
                });
    }

    /** As {@link #stop}, but the sockets go on listening: what they accept is for the next generation. */
    CompletableFuture<Void> leave() {
        return listeners.leave().thenRun(() -> become(ServiceState.STOPPED));
    }

    /** All listeners as one. */
    Listeners bound() {
        return listeners;
    }

    /** The longest that {@link #drain} may take; only a JVM without a turn for its timer takes longer. */
    Duration longestDrain() {
        return config.drainDelay().plus(config.drainTimeout()).plus(Listeners.CLOSE_BOUND.multipliedBy(2));
    }

    /** New keys of a TLS configuration, in files that were changed: the next handshake sees them. */
    public void renewed(CertificateUpdatedEvent event) {
        listeners().forEach(listener -> listener.renewed(event));
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
        loops.addAll(listeners.acceptingLoops()); // not on every transport those that serve
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
        return WhatIf.ask(vertx, listeners.isFirstIpv6(), settings, WhatIf.BOUND);
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
        return listeners.all();
    }

    /** What became of the connections that were open when the drain began; none while there was no drain. */
    public Drain drained() {
        return drain;
    }
}
