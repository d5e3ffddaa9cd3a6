package dev.tcpecho.management;

import dev.tcpecho.server.EchoService;
import dev.tcpecho.server.Listener;
import dev.tcpecho.socket.AcceptQueue;
import dev.tcpecho.socket.ListeningSocket;
import dev.tcpecho.socket.NetworkCounters;
import dev.tcpecho.socket.OptionReading;
import dev.tcpecho.socket.Sysctl;
import io.netty.util.NetUtil;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** The report as JSON; the order of the fields is part of the contract. */
final class SocketReport {
    private SocketReport() {}

    static JsonObject of(EchoService service, List<Listener> listeners) {
        return new JsonObject()
                .put("state", service.state().toString())
                .put("transport", service.transport().name())
                .put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"))
                .put("limits", limits())
                .put("network", network())
                .put("listeners", array(listeners, listener -> listener(service, listener)));
    }

    private static JsonObject limits() {
        JsonObject limits = new JsonObject();
        for (Sysctl sysctl : Sysctl.values()) {
            limits.put(sysctl.key(), value(sysctl));
        }
        return limits;
    }

    private static Object value(Sysctl sysctl) {
        return sysctl.number().isPresent() ? (Object) sysctl.number().getAsLong() : sysctl.text();
    }

    private static JsonObject network() {
        JsonObject network = new JsonObject();
        NetworkCounters.read().forEach((counter, value) -> network.put(counter.jsonName(), value));
        return network;
    }

    private static JsonObject listener(EchoService service, Listener listener) {
        return new JsonObject()
                .put("name", listener.name())
                .put("mode", listener.config().mode().name().toLowerCase(java.util.Locale.ROOT))
                .put("generation", service.generation())
                .put("sockets", array(listener.sockets(), SocketReport::socket))
                .put("accepted", new JsonObject().put("options", array(listener.accepted(), SocketReport::option)));
    }

    private static JsonObject socket(ListeningSocket socket) {
        AcceptQueue queue = socket.acceptQueue();
        return new JsonObject()
                .put("address", NetUtil.toAddressString(socket.address().getAddress()))
                .put("port", socket.address().getPort())
                .put("family", socket.isIpv6() ? "IPv6" : "IPv4")
                .put("listening", socket.isListening())
                .put("otherListeners", socket.otherListeners())
                .put(
                        "acceptQueue",
                        new JsonObject()
                                .put("current", known(queue.current()))
                                .put("peak", known(queue.peak()))
                                .put("max", known(queue.max())))
                .put("options", array(socket.options(), SocketReport::option));
    }

    private static Long known(long value) {
        return value < 0 ? null : value;
    }

    private static JsonObject option(OptionReading reading) {
        Sysctl governor = reading.verdict().governedBy();
        return new JsonObject()
                .put("option", reading.option().kernelName())
                .put("requested", reading.requested())
                .put("effective", reading.effective())
                .put("unit", reading.option().unit().toString())
                .put("status", reading.verdict().status().toString())
                .put(
                        "reason",
                        reading.verdict().reason() == null
                                ? null
                                : reading.verdict().reason().toString())
                .put(
                        "governedBy",
                        governor == null
                                ? null
                                : new JsonObject()
                                        .put("sysctl", governor.key())
                                        .put("value", value(governor))
                                        .put("scope", governor.scope()))
                .put("note", reading.verdict().note());
    }

    private static <T> JsonArray array(Collection<T> items, Function<T, JsonObject> json) {
        JsonArray array = new JsonArray();
        items.forEach(item -> array.add(json.apply(item)));
        return array;
    }
}
