package dev.tcpecho.bench;

import io.vertx.core.json.JsonObject;

/**
 * What one load against one server gave. The load client prints it as one line of JSON; figures that this system cannot
 * tell are absent.
 */
record Measurement(JsonObject json) {
    static final String PREFIX = "measurement ";

    static Measurement parse(String line) {
        return new Measurement(new JsonObject(line.substring(PREFIX.length())));
    }

    String line() {
        return PREFIX + json.encode();
    }

    /** NaN if it is absent. */
    double figure(String name) {
        Double value = json.getDouble(name);
        return value == null ? Double.NaN : value;
    }

    /** Every byte right, and no connection lost. */
    boolean clean() {
        return json.getLong("errors", 0L) == 0 && json.getLong("mismatches", 0L) == 0;
    }
}
