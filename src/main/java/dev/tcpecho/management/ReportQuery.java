package dev.tcpecho.management;

import io.vertx.core.MultiMap;
import java.util.Set;

/**
 * How much of the report is wanted.
 *
 * @param details whether with options, sysctls and limits
 */
record ReportQuery(boolean details) {
    /** @throws IllegalArgumentException with a message for the client */
    static ReportQuery of(MultiMap given) {
        return new ReportQuery(new Parameters(given, Set.of("details")).flag("details", true));
    }
}
