package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.EventLoops;
import dev.tcpecho.net.Transport;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The life of the service: bind, then serve, then ready; and back. Starts and stops on the thread that Quarkus starts
 * and stops on, which may block.
 */
@Singleton
public final class EchoService {
    /** Of the start-up observer; what needs the bound listeners observes with a higher number. */
    public static final int START_PRIORITY = 2500;

    private static final Logger LOG = Logger.getLogger(EchoService.class);
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final EchoConfig config;
    private final Generation generation;
    private final List<Listener> listeners = new ArrayList<>();
    private volatile ServiceState state = ServiceState.STARTING;
    private volatile long drainFinished;
    private volatile long drainForced;

    /** Binds nothing yet: that is for {@link #start}. */
    public EchoService(Vertx vertx, EchoConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.generation = Generation.next(vertx);
    }

    public void start(@Observes @Priority(START_PRIORITY) StartupEvent event) {
        Transport transport = Transport.of(vertx);
        if (transport.whyNotNative() != null) {
            LOG.warnf("The native transport is not to be had, NIO serves instead: %s", transport.whyNotNative());
        }
        try {
            listeners.addAll(ConfiguredListeners.of(config, vertx));
            for (Listener listener : listeners) {
                await(listener.bind());
            }
            for (Listener listener : listeners) {
                listener.sockets().forEach(socket -> StartUpCheck.run(listener, socket));
            }
            tellOfShortfalls();
        } catch (StartException e) {
            listeners.forEach(listener -> await(listener.close()));
            state = ServiceState.STOPPED;
            throw e;
        }
        state = ServiceState.SERVING;
        LOG.infof("Serving on %s, transport %s", boundAddresses(), transport.name());
    }

    /**
     * Readiness is down from here on, while health, metrics and the report still answer. A reload does not wait for it.
     */
    public void drain(@Observes ShutdownDelayInitiatedEvent event) {
        if (state != ServiceState.SERVING || LaunchMode.current() == LaunchMode.DEVELOPMENT) {
            return;
        }
        state = ServiceState.DRAINING;
        LOG.infof("Draining: %d connections open, accepting for another %s", sum(Traffic::active), config.drainDelay());
        // Nothing completes this: it is the time in which load balancers turn away.
        finishWithin(new CompletableFuture<>(), config.drainDelay());
        drainConnections(config.drainTimeout());
    }

    /** What Vert.x 5 calls NetServer.shutdown(timeout): refuses, lets connections finish, then ends the rest. */
    private void drainConnections(Duration timeout) {
        long closedBefore = sum(Traffic::closed);
        closeListeners();
        if (!finishWithin(emptied(), timeout)) {
            endConnections(CloseReason.DRAIN_TIMEOUT);
        }
        drainForced = sum(traffic -> traffic.closed(CloseReason.DRAIN_TIMEOUT));
        drainFinished = sum(Traffic::closed) - closedBefore - drainForced;
        LOG.infof("Drained: %d connections finished, %d were forced", drainFinished, drainForced);
    }

    public void stop(@Observes ShutdownEvent event) {
        if (state == ServiceState.STOPPED) {
            return;
        }
        closeListeners();
        endConnections(CloseReason.FORCED);
        state = ServiceState.STOPPED;
        LOG.info("Stopped");
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

    /** Bounded, as everything on the way out is: a blocked event loop must not keep the process from ending. */
    private void closeListeners() {
        Future<?> closed = Future.join(listeners.stream().map(Listener::close).toList());
        if (!finishWithin(closed.toCompletionStage().toCompletableFuture(), CLOSE_BOUND)) {
            LOG.warn("The listeners did not close in time: an event loop is blocked");
        }
    }

    private void endConnections(CloseReason reason) {
        listeners.forEach(listener -> listener.endConnections(reason));
        if (!finishWithin(emptied(), CLOSE_BOUND)) {
            LOG.warnf("%d connections did not end in time: an event loop is blocked", sum(Traffic::active));
        }
    }

    private CompletableFuture<Void> emptied() {
        return CompletableFuture.allOf(listeners.stream().map(Listener::emptied).toArray(CompletableFuture[]::new));
    }

    private static void await(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StartException start ? start : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting or stopping", e);
        }
    }

    /** Whether it completed in time. */
    private static boolean finishWithin(CompletableFuture<?> future, Duration time) {
        try {
            future.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
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
        return state;
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
        return List.copyOf(listeners);
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
