package dev.tcpecho.server;

import dev.tcpecho.net.ListeningSocket;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * All listeners of the service, as one. What waits for an event loop waits no longer than {@link #CLOSE_BOUND}, and
 * then says so.
 *
 * @param all the default listener first, then the others by name
 */
record Listeners(List<Listener> all) {
    static final Duration CLOSE_BOUND = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(EchoServer.class);

    /** In turn; fails with the first that cannot be bound. */
    CompletableFuture<Void> bind() {
        CompletableFuture<Void> bound = CompletableFuture.completedFuture(null);
        for (Listener listener : all) {
            bound = bound.thenCompose(done -> listener.bind());
        }
        return bound;
    }

    /** Of the sockets that are open. */
    Set<EventLoop> acceptingLoops() {
        return sockets().flatMap(socket -> socket.loop().stream()).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Whether the first socket of the default listener is an IPv6 one; no when there is none. */
    boolean isFirstIpv6() {
        return sockets().findFirst().map(ListeningSocket::isIpv6).orElse(false);
    }

    private Stream<ListeningSocket> sockets() {
        return all.stream().flatMap(listener -> listener.sockets().stream());
    }

    /** Of all listeners together. */
    long sum(ToLongFunction<Traffic> figure) {
        return all.stream().map(Listener::traffic).mapToLong(figure).sum();
    }

    /** Frees the ports; open connections go on. */
    CompletableFuture<Void> close() {
        CompletableFuture<Void> closed =
                CompletableFuture.allOf(all.stream().map(Listener::close).toArray(CompletableFuture[]::new));
        return within(CLOSE_BOUND, closed).thenAccept(inTime -> {
            if (!inTime) {
                LOG.warn("The listeners did not close in time: an event loop is blocked");
            }
        });
    }

    /** Ends every open connection, and takes no more; the sockets go on listening for somebody else. */
    CompletableFuture<Void> leave() {
        all.forEach(Listener::leave);
        return endConnections(CloseReason.FORCED);
    }

    /** After {@link #close}, for somebody else. */
    CompletableFuture<Void> listenAgain() {
        return CompletableFuture.allOf(all.stream().map(Listener::listenAgain).toArray(CompletableFuture[]::new));
    }

    /** Ends every open connection for this reason. */
    CompletableFuture<Void> endConnections(CloseReason reason) {
        all.forEach(listener -> listener.loops().endConnections(reason));
        return within(CLOSE_BOUND, emptied()).thenAccept(inTime -> {
            if (!inTime) {
                LOG.warnf("%d connections did not end in time: an event loop is blocked", sum(Traffic::active));
            }
        });
    }

    /** Completes when the listeners are closed and no connection is open. */
    private CompletableFuture<Void> emptied() {
        return CompletableFuture.allOf(all.stream().map(Listener::emptied).toArray(CompletableFuture[]::new));
    }

    /** Whether it completed within the time. */
    private static CompletableFuture<Boolean> within(Duration time, CompletableFuture<Void> future) {
        return future.thenApply(done -> true).completeOnTimeout(false, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether the last connection has ended within the time; the listeners are closed by then. */
    CompletableFuture<Boolean> emptiedWithin(Duration time) {
        return within(time, emptied());
    }
}
