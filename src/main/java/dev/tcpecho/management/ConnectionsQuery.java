package dev.tcpecho.management;

import dev.tcpecho.net.PeerAddress;
import io.vertx.core.MultiMap;
import java.util.Set;

/**
 * What to show of the open connections.
 *
 * @param listener null for all
 * @param remote null for all
 * @param limit from 1 to {@link #MOST}
 */
record ConnectionsQuery(String listener, PeerAddress remote, int limit) {
    static final int MOST = 1000;
    static final int UNLESS_ASKED = 100;

    /** @throws IllegalArgumentException with a message for the client */
    static ConnectionsQuery of(MultiMap given) {
        Parameters parameters = new Parameters(given, Set.of("listener", "remote", "limit"));
        return new ConnectionsQuery(
                parameters.text("listener"),
                parameters.address("remote", true),
                parameters.number("limit", UNLESS_ASKED, MOST));
    }
}
