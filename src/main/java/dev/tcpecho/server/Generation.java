package dev.tcpecho.server;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;

/** Counts the starts within one Vert.x, which outlives the application's classes in dev mode. */
record Generation(int number) {
    private static final String KEY = "generation";

    /** Of the last start; 0 before the first. */
    static int current(Vertx vertx) {
        return starts(vertx).getOrDefault(KEY, 0);
    }

    static Generation next(Vertx vertx) {
        return new Generation(starts(vertx).merge(KEY, 1, Integer::sum));
    }

    private static LocalMap<String, Integer> starts(Vertx vertx) {
        return vertx.sharedData().getLocalMap("tcp-echo");
    }
}
