package dev.tcpecho.management;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What to show of the open connections.
 *
 * @param listener null for all
 * @param limit from 1 to {@link #MOST}
 */
record ConnectionsQuery(String listener, int limit) {
    static final int MOST = 1000;
    private static final int UNLESS_ASKED = 100;
    private static final Set<String> KNOWN = Set.of("listener", "limit");

    /** @throws IllegalArgumentException with a message for the client */
    static ConnectionsQuery of(MultiMap parameters) {
        Set<String> unknown = new TreeSet<>(parameters.names());
        unknown.removeAll(KNOWN);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("unknown parameters; there are listener and limit");
        }
        return new ConnectionsQuery(only(parameters, "listener"), limit(only(parameters, "limit")));
    }

    private static String only(MultiMap parameters, String name) {
        List<String> values = parameters.getAll(name);
        if (values.size() > 1) {
            throw new IllegalArgumentException(name + " can be given only once");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    private static int limit(String text) {
        if (text == null) {
            return UNLESS_ASKED;
        }
        if (text.matches("\\d{1,9}")) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        }
        throw new IllegalArgumentException("limit must be a whole number from 1 to " + MOST);
    }
}
