package dev.tcpecho.management;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.server.ClosedConnection;
import dev.tcpecho.server.ConnectionFacts;
import dev.tcpecho.server.EchoServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** Connections that ended, newest first, as JSON and as text; the order of the fields is part of the contract. */
record ClosedReport(EchoServer service, int remembered, List<ClosedConnection> shown) {
    /** @throws java.util.concurrent.CompletionException when an event loop does not answer in time */
    static ClosedReport of(EchoServer service, int remembered, ClosedQuery query) {
        return new ClosedReport(
                service, remembered, ClosedConnection.newest(service.listeners(), query::wants, query.limit()));
    }

    JsonObject json() {
        JsonArray connections = new JsonArray();
        shown.forEach(each -> connections.add(ConnectionFacts.json(each)));
        return new JsonObject()
                .put("state", service.state().toString())
                .put("transport", service.transport().name())
                .put("remembered", remembered)
                .put("connections", connections);
    }

    String text() {
        Text text = new Text();
        text.line(0, shown.size() + " ended connections, newest first; the last " + remembered + " are remembered");
        for (ClosedConnection each : shown) {
            text.line(0, "");
            text.line(
                    0,
                    each.listener() + " " + ConnectionFacts.remote(each.peer()) + " -> "
                            + (each.local() == null ? "?" : Addresses.hostPort(each.local())));
            text.line(
                    2,
                    each.at().truncatedTo(ChronoUnit.SECONDS) + " " + each.reason() + ": "
                            + each.reason().sentence());
            text.line(
                    2,
                    String.format(
                            Locale.ROOT,
                            "after %.1f s, received %s, sent %s, %s pending",
                            each.age().toMillis() / 1000.0,
                            Text.bytes(each.received()),
                            Text.bytes(each.sent()),
                            Text.bytes(each.pending())));
            each.limitedBy().ifPresent(limit -> text.line(2, "limited by " + limit.by() + ": " + limit.note()));
        }
        return text.toString();
    }
}
