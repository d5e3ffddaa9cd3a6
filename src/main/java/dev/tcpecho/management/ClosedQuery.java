package dev.tcpecho.management;

import dev.tcpecho.net.PeerAddress;
import dev.tcpecho.server.CloseReason;
import dev.tcpecho.server.ClosedConnection;
import io.vertx.core.MultiMap;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What to show of the connections that ended; null for all.
 *
 * @param limit from 1 to {@link ConnectionsQuery#MOST}
 */
record ClosedQuery(String listener, CloseReason reason, PeerAddress remote, int limit) {
    /** @throws IllegalArgumentException with a message for the client */
    static ClosedQuery of(MultiMap given) {
        Parameters parameters = new Parameters(given, Set.of("listener", "reason", "remote", "limit"));
        return new ClosedQuery(
                parameters.text("listener"),
                reason(parameters.text("reason")),
                parameters.address("remote", false),
                parameters.number("limit", ConnectionsQuery.UNLESS_ASKED, ConnectionsQuery.MOST));
    }

    private static CloseReason reason(String text) {
        if (text == null) {
            return null;
        }
        return Arrays.stream(CloseReason.values())
                .filter(reason -> reason.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("reason must be one of "
                        + Arrays.stream(CloseReason.values())
                                .map(CloseReason::toString)
                                .collect(Collectors.joining(", "))));
    }

    boolean wants(ClosedConnection closed) {
        return (listener == null || listener.equals(closed.listener()))
                && (reason == null || reason == closed.reason())
                && (remote == null || remote.matches(closed.peer()));
    }
}
