package dev.tcpecho.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * How connections that were open when a drain began ended.
 *
 * @param finished by themselves
 * @param forced when the drain's time was up
 */
public record Drain(long finished, long forced) {
    static final Drain NONE = new Drain(0, 0);

    /**
     * Goes on accepting for the delay, then refuses, lets connections finish within the time-out, and ends the rest.
     * Bounded by these times and twice {@link Listeners#CLOSE_BOUND}.
     */
    static CompletableFuture<Drain> run(Listeners listeners, Duration delay, Duration timeout) {
        return after(delay).thenCompose(turnedAway -> {
            long closedBefore = listeners.sum(Traffic::closed);
            return listeners
                    .close()
                    .thenCompose(closed -> listeners.emptiedWithin(timeout))
                    .thenCompose(empty -> empty
                            ? CompletableFuture.completedFuture(null)
                            : listeners.endConnections(CloseReason.DRAIN_TIMEOUT))
                    .thenApply(ended -> of(listeners, closedBefore));
        });
    }

    private static Drain of(Listeners listeners, long closedBefore) {
        long forced = listeners.sum(traffic -> traffic.closed(CloseReason.DRAIN_TIMEOUT));
        return new Drain(listeners.sum(Traffic::closed) - closedBefore - forced, forced);
    }

    /** Completed by the timer itself: a task would wait for its turn in the common pool, which others may hold. */
    private static CompletableFuture<Void> after(Duration time) {
        return new CompletableFuture<Void>().completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
