package dev.tcpecho.server;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;

/** Counts the starts within one Vert.x, which outlives the application's classes in dev mode. */
record Generation(int number) {
    static Generation next(Vertx vertx) {
        LocalMap<String, Integer> starts = vertx.sharedData().getLocalMap("tcp-echo");
        return new Generation(starts.merge("generation", 1, Integer::sum));
    }
}
