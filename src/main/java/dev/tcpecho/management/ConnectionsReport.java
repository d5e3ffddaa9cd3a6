package dev.tcpecho.management;

import dev.tcpecho.kernel.SavedSyn;
import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.net.Addresses;
import dev.tcpecho.option.ConnectionSocket;
import dev.tcpecho.server.ConnectionFacts;
import dev.tcpecho.server.EchoServer;
import dev.tcpecho.server.Listener;
import dev.tcpecho.server.OpenConnection;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Open connections, oldest first, as JSON and as text; the order of the fields is part of the contract. */
record ConnectionsReport(EchoServer service, List<Listener> listeners, int limit, List<OpenConnection> shown) {
    private static final String UNREADABLE = "this transport has no means to read TCP_INFO; the native one (epoll) can";

    /** @throws java.util.concurrent.CompletionException when an event loop does not answer in time */
    static ConnectionsReport of(EchoServer service, List<Listener> listeners, ConnectionsQuery query) {
        int limit = query.limit();
        return new ConnectionsReport(
                service,
                listeners,
                limit,
                query.remote() == null
                        ? OpenConnection.oldest(listeners, limit)
                        : OpenConnection.oldest(listeners, limit, query.remote()));
    }

    private int total() {
        return listeners.stream()
                .mapToInt(listener -> listener.traffic().active())
                .sum();
    }

    private boolean isTcpInfoMissing() {
        return !shown.isEmpty() && shown.stream().allMatch(each -> each.socket().tcpInfo() == null);
    }

    JsonObject json() {
        JsonArray connections = new JsonArray();
        shown.forEach(each -> connections.add(ConnectionFacts.json(each)));
        return new JsonObject()
                .put("state", service.state().toString())
                .put("transport", service.transport().name())
                .put("total", total())
                .put("limit", limit)
                .put("note", isTcpInfoMissing() ? UNREADABLE : null)
                .put("connections", connections);
    }

    String text() {
        Text text = new Text();
        text.line(0, shown.size() + " of " + total() + " connections, oldest first");
        if (isTcpInfoMissing()) {
            text.line(0, UNREADABLE);
        }
        shown.forEach(each -> append(text, each));
        return text.toString();
    }

    private static void append(Text text, OpenConnection connection) {
        ConnectionSocket socket = connection.socket();
        text.line(0, "");
        text.line(
                0,
                connection.listener() + " " + Addresses.hostPort(socket.remote()) + " -> "
                        + Addresses.hostPort(socket.local()));
        text.line(
                2,
                String.format(
                        Locale.ROOT,
                        "age %.1f s, received %s, sent %s, write %s with %s pending",
                        connection.age().toMillis() / 1000.0,
                        Text.bytes(connection.received()),
                        Text.bytes(connection.sent()),
                        connection.writeState().name().toLowerCase(Locale.ROOT),
                        Text.bytes(connection.pending())));
        TcpInfo info = socket.tcpInfo();
        if (info != null) {
            text.line(
                    2,
                    String.format(
                            Locale.ROOT,
                            "%s, rtt %.3f ms ± %.3f, cwnd %d x mss %d, %d retransmits, %d unacked, %s/s",
                            info.state(),
                            info.rtt() / 1000.0,
                            info.rttVariance() / 1000.0,
                            info.congestionWindow(),
                            info.sendMss(),
                            info.retransmits(),
                            info.unacked(),
                            Text.bytes(info.deliveryRate())));
        }
        connection
                .limitedBy()
                .ifPresent(limit -> text.line(
                        2,
                        String.format(Locale.ROOT, "limited by %s (%.0f %%): ", limit.by(), limit.share() * 100)
                                + limit.note()));
        if (socket.synAsked()) {
            text.line(2, "SYN: " + syn(socket.syn()));
        }
        String differences = socket.differences().stream()
                .map(each -> each.option().kernelName() + " "
                        + Text.value(each.effective(), each.option().unit()) + ", not "
                        + Text.value(each.listener(), each.option().unit()))
                .collect(Collectors.joining("; "));
        if (!differences.isEmpty()) {
            text.line(2, "unlike its listener: " + differences);
        }
    }

    /** @param syn null where none was kept */
    private static String syn(SavedSyn syn) {
        return syn == null
                ? "not kept by the kernel"
                : String.format(
                        Locale.ROOT,
                        "mss %s, window scale %s, dscp %d, ttl %d (%d hops), %s, %s, %s",
                        syn.mss().isPresent() ? syn.mss().getAsInt() : "-",
                        syn.windowScale().isPresent() ? syn.windowScale().getAsInt() : "-",
                        syn.dscp(),
                        syn.ttl(),
                        syn.hops(),
                        syn.sackPermitted() ? "SACK" : "no SACK",
                        syn.timestamps() ? "timestamps" : "no timestamps",
                        syn.ecn() ? "ECN" : "no ECN");
    }
}
