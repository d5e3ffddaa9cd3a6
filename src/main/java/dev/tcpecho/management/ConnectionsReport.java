package dev.tcpecho.management;

import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.net.Addresses;
import dev.tcpecho.option.ConnectionSocket;
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
    static ConnectionsReport of(EchoServer service, List<Listener> listeners, int limit) {
        return new ConnectionsReport(service, listeners, limit, OpenConnection.oldest(listeners, limit));
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
        shown.forEach(each -> connections.add(json(each)));
        return new JsonObject()
                .put("state", service.state().toString())
                .put("transport", service.transport().name())
                .put("total", total())
                .put("limit", limit)
                .put("note", isTcpInfoMissing() ? UNREADABLE : null)
                .put("connections", connections);
    }

    private static JsonObject json(OpenConnection connection) {
        ConnectionSocket socket = connection.socket();
        JsonArray options = new JsonArray();
        socket.differences()
                .forEach(difference -> options.add(new JsonObject()
                        .put("option", difference.option().kernelName())
                        .put("listener", difference.listener().plain())
                        .put("effective", difference.effective().plain())
                        .put("unit", difference.option().unit().toString())));
        return new JsonObject()
                .put("listener", connection.listener())
                .put("local", Addresses.hostPort(socket.local()))
                .put("remote", Addresses.hostPort(socket.remote()))
                .put("ageMillis", connection.age().toMillis())
                .put("bytesReceived", connection.received())
                .put("bytesSent", connection.sent())
                .put(
                        "write",
                        new JsonObject()
                                .put("state", connection.writeState().name().toLowerCase(Locale.ROOT))
                                .put("pendingBytes", connection.pending()))
                .put("receiveBuffer", socket.receiveBuffer())
                .put("sendBuffer", socket.sendBuffer())
                .put("options", options)
                .put("tcpInfo", socket.tcpInfo() == null ? null : json(socket.tcpInfo()));
    }

    private static JsonObject json(TcpInfo info) {
        return new JsonObject()
                .put("state", info.state())
                .put("rttMicros", info.rtt())
                .put("rttVarianceMicros", info.rttVariance())
                .put("congestionWindow", info.congestionWindow())
                .put("sendMss", info.sendMss())
                .put("receiveMss", info.receiveMss())
                .put("retransmits", info.retransmits())
                .put("unacked", info.unacked())
                .put("notSentBytes", info.notSent())
                .put("deliveryRate", info.deliveryRate());
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
        String differences = socket.differences().stream()
                .map(each -> each.option().kernelName() + " "
                        + Text.value(each.effective(), each.option().unit()) + ", not "
                        + Text.value(each.listener(), each.option().unit()))
                .collect(Collectors.joining("; "));
        if (!differences.isEmpty()) {
            text.line(2, "unlike its listener: " + differences);
        }
    }
}
