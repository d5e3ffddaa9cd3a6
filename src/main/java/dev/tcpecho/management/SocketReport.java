package dev.tcpecho.management;

import dev.tcpecho.kernel.NetworkCounters;
import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.net.AcceptQueue;
import dev.tcpecho.net.EventLoops;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.Verdict;
import dev.tcpecho.server.EchoService;
import dev.tcpecho.server.Listener;
import io.netty.util.NetUtil;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
                .put("sysctls", array(List.of(Sysctl.values()), SocketReport::sysctl))
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

    private static JsonObject sysctl(Sysctl sysctl) {
        Object value = value(sysctl);
        return new JsonObject()
                .put("name", sysctl.key())
                .put("value", value)
                .put("scope", sysctl.scope())
                .put("readable", value != null)
                .put("governs", new JsonArray(sysctl.governs()));
    }

    /** A number where it is one; tcp_rmem and its like are three, and stay text. */
    private static Object value(Sysctl sysctl) {
        String text = sysctl.text();
        return text != null && text.matches("-?\\d{1,18}") ? (Object) Long.valueOf(text) : text;
    }

    private static JsonObject network() {
        JsonObject network = new JsonObject();
        NetworkCounters.read().forEach((counter, value) -> network.put(counter.jsonName(), value));
        return network;
    }

    private static JsonObject listener(EchoService service, Listener listener) {
        return new JsonObject()
                .put("name", listener.name())
                .put("mode", listener.config().mode().name().toLowerCase(Locale.ROOT))
                .put("generation", service.generation())
                .put("eventLoops", array(listener.connectionsByLoop().entrySet(), SocketReport::eventLoop))
                .put("sockets", array(listener.sockets(), SocketReport::socket))
                .put("accepted", new JsonObject().put("options", array(listener.accepted(), SocketReport::option)));
    }

    private static JsonObject eventLoop(Map.Entry<String, Integer> loop) {
        return new JsonObject().put("name", loop.getKey()).put("connections", loop.getValue());
    }

    private static JsonObject socket(ListeningSocket socket) {
        AcceptQueue queue = socket.acceptQueue();
        return new JsonObject()
                .put("address", NetUtil.toAddressString(socket.address().getAddress()))
                .put("port", socket.address().getPort())
                .put("family", socket.isIpv6() ? "IPv6" : "IPv4")
                .put("shard", socket.shard().number())
                .put("eventLoop", socket.loop().map(EventLoops::name).orElse(null))
                .put("listening", socket.isListening())
                .put("otherListeners", socket.otherListeners())
                .put(
                        "acceptQueue",
                        new JsonObject()
                                .put("current", known(queue.current()))
                                .put("peak", known(queue.peak()))
                                .put("max", queue.max())
                                .put("maxComputed", queue.isMaxComputed())
                                .put("peakSampledEveryMillis", AcceptQueue.SAMPLE_MILLIS))
                .put("options", array(socket.options(), SocketReport::option));
    }

    private static Long known(long value) {
        return value < 0 ? null : value;
    }

    private static JsonObject option(OptionReading reading) {
        Verdict verdict = reading.verdict();
        return new JsonObject()
                .put("option", reading.option().kernelName())
                .put("key", reading.option().key())
                .put("requested", reading.requested())
                .put("effective", reading.effective())
                .put("unit", reading.option().unit().toString())
                .put("status", verdict.status().toString())
                .put(
                        "reason",
                        verdict.reason() == null ? null : verdict.reason().toString())
                .put("governedBy", verdict.governedBy() == null ? null : governor(verdict.governedBy()))
                .put("note", verdict.note());
    }

    private static JsonObject governor(Sysctl sysctl) {
        Object value = value(sysctl);
        return new JsonObject()
                .put("sysctl", sysctl.key())
                .put("value", value)
                .put("scope", sysctl.scope())
                .put("readable", value != null);
    }

    private static <T> JsonArray array(Collection<T> items, Function<T, JsonObject> json) {
        JsonArray array = new JsonArray();
        items.forEach(item -> array.add(json.apply(item)));
        return array;
    }
}
