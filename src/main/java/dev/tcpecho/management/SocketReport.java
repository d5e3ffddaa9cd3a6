package dev.tcpecho.management;

import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.net.AcceptQueue;
import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.EventLoops;
import dev.tcpecho.option.KeepAlive;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.SocketOption;
import dev.tcpecho.server.AcceptedReading;
import dev.tcpecho.server.EchoServer;
import dev.tcpecho.server.ListenerFault;
import dev.tcpecho.server.OptionFacts;
import dev.tcpecho.server.ServiceIdentity;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The report as JSON; the order of the fields is part of the contract.
 *
 * @param detailed whether with options, sysctls and limits, which are most of it and seldom change
 * @param connectionsShown whether there is more to ask at /connections
 */
record SocketReport(EchoServer service, Snapshot snapshot, boolean detailed, boolean connectionsShown) {
    /** Of the process; null where the operating system does not tell. */
    private static final String STARTED_AT = ProcessHandle.current()
            .info()
            .startInstant()
            .map(at -> at.truncatedTo(ChronoUnit.MILLIS).toString())
            .orElse(null);

    JsonObject json() {
        return new JsonObject()
                .put("summary", snapshot.summary())
                .put("service", ServiceIdentity.OURS.json())
                .put("state", snapshot.state().toString())
                .put("transport", service.transport().name())
                .put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"))
                .put("startedAt", STARTED_AT)
                .put("connectionsShown", connectionsShown)
                .put("limits", detailed ? limits() : new JsonObject())
                .put("sysctls", array(detailed ? List.of(Sysctl.values()) : List.of(), this::sysctl))
                .put("network", network())
                .put("listeners", array(snapshot.listeners(), this::listener));
    }

    private JsonObject limits() {
        JsonObject limits = new JsonObject();
        for (Sysctl sysctl : Sysctl.values()) {
            limits.put(sysctl.key(), snapshot.value(sysctl));
        }
        return limits;
    }

    private JsonObject sysctl(Sysctl sysctl) {
        Object value = snapshot.value(sysctl);
        return new JsonObject()
                .put("name", sysctl.key())
                .put("value", value)
                .put("scope", sysctl.scope())
                .put("readable", value != null)
                .put("governs", new JsonArray(SocketOption.governedBy(sysctl)));
    }

    private JsonObject network() {
        JsonObject network = new JsonObject();
        snapshot.network().forEach((counter, value) -> network.put(counter.jsonName(), value));
        return network;
    }

    private JsonObject listener(Snapshot.OfListener of) {
        return new JsonObject()
                .put("name", of.listener().name())
                .put("mode", of.listener().config().mode().name().toLowerCase(Locale.ROOT))
                .put("fault", fault(of.listener().fault()))
                .put("generation", service.generation())
                .put("traffic", TrafficFacts.json(of))
                .put("entrance", TrafficFacts.entrance(of))
                .put("eventLoops", array(of.connectionsByLoop().entrySet(), SocketReport::eventLoop))
                .put("sockets", array(of.sockets(), this::socket))
                .put(
                        "keepAlive",
                        KeepAlive.of(of.accepted()).map(SocketReport::keepAlive).orElse(null))
                .put(
                        "accepted",
                        new JsonObject()
                                .put("options", options(of.accepted()))
                                .put("families", array(of.acceptedByFamily(), this::family))
                                .put(
                                        "note",
                                        of.listener().whyAcceptedIsUnknown().orElse(null)));
    }

    /** Null where nothing is wrong on purpose. */
    private static JsonObject fault(ListenerFault fault) {
        return fault.isAsked()
                ? new JsonObject()
                        .put("sentence", "it " + fault.sentence())
                        .put("settings", new JsonArray(fault.words()))
                        .put("seed", fault.seed())
                        .put("connections", fault.faulty())
                        .put("filledBy", fault.filledBy().orElse(null))
                : null;
    }

    private JsonObject family(AcceptedReading reading) {
        return new JsonObject()
                .put("family", reading.family())
                .put("readAt", reading.readAt().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("readFrom", reading.fromCheck() ? "start-up check" : "client")
                .put("options", options(reading.options()));
    }

    private static JsonObject keepAlive(KeepAlive keepAlive) {
        return new JsonObject()
                .put("armed", keepAlive.armed())
                .put("idleSeconds", keepAlive.idle().toSeconds())
                .put("intervalSeconds", keepAlive.interval().toSeconds())
                .put("probes", keepAlive.probes())
                .put(
                        "deadPeerFoundAfterSeconds",
                        keepAlive.armed() ? keepAlive.deadPeerFoundAfter().toSeconds() : null)
                .put("note", keepAlive.note());
    }

    private static JsonObject eventLoop(Map.Entry<String, Integer> loop) {
        return new JsonObject().put("name", loop.getKey()).put("connections", loop.getValue());
    }

    private JsonObject socket(Snapshot.OfSocket of) {
        Snapshot.Queue queue = of.queue();
        return new JsonObject()
                .put("address", Addresses.text(of.address().getAddress()))
                .put("port", of.address().getPort())
                .put("family", of.socket().isIpv6() ? "IPv6" : "IPv4")
                .put("shard", of.socket().shard().number())
                .put("eventLoop", of.socket().loop().map(EventLoops::name).orElse(null))
                .put("listening", of.listening())
                .put("otherListeners", of.others().size())
                .put("otherListenerAddresses", array(of.others(), other -> Addresses.hostPort(other.address())))
                .put(
                        "acceptQueue",
                        new JsonObject()
                                .put("current", known(queue.current()))
                                .put("peak", known(queue.peak()))
                                .put("max", known(queue.max()))
                                .put("maxComputed", queue.maxComputed())
                                .put("peakSampledEveryMillis", AcceptQueue.SAMPLE_MILLIS))
                .put("drops", known(of.drops()))
                .put("options", options(of.options()));
    }

    private static Long known(long value) {
        return value < 0 ? null : value;
    }

    private JsonArray options(Collection<OptionReading> readings) {
        return OptionFacts.json(detailed ? readings : List.of(), snapshot.sysctls());
    }

    private static <T> JsonArray array(Collection<T> items, Function<T, ?> json) {
        JsonArray array = new JsonArray();
        items.forEach(item -> array.add(json.apply(item)));
        return array;
    }
}
