package dev.tcpecho.management;

import dev.tcpecho.net.ProxyMode;
import dev.tcpecho.net.ProxyOutcome;
import dev.tcpecho.net.TlsOutcome;
import dev.tcpecho.server.ConnectionLimit;
import dev.tcpecho.server.ListenerConfig;
import dev.tcpecho.server.Sample;
import dev.tcpecho.server.Traffic;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * What went through a listener as JSON: counters that only grow, from which who asks again works out rates; the order
 * of the fields is part of the contract.
 */
final class TrafficFacts {
    private TrafficFacts() {}

    static JsonObject json(Snapshot.OfListener of) {
        Snapshot.Counts counts = of.counts();
        ConnectionLimit limit = of.listener().connectionLimit();
        return new JsonObject()
                .put("active", counts.active())
                .put("limit", limit.inForce())
                .put("limitAsked", limit.asked())
                .put("limitReason", limit.cause().toString())
                .put("opened", counts.opened())
                .put("closed", byReason(counts.closed()))
                .put("refused", byReason(counts.refused()))
                .put("acceptErrors", counts.acceptFailures())
                .put("bytesReceived", counts.received())
                .put("bytesSent", counts.sent())
                .put("bytesDiscarded", counts.discarded())
                .put("sample", sample(of.sample()));
    }

    private static JsonObject sample(Sample sample) {
        return new JsonObject()
                .put("connections", sample.connections().size())
                .put("rttP50Micros", known(sample.rtt(0.5)))
                .put("rttP99Micros", known(sample.rtt(0.99)))
                .put("retransmits", sample.retransmits())
                .put("slowedByReader", sample.slowedByReader());
    }

    /** What stands in front of its connections. */
    static JsonObject entrance(Snapshot.OfListener of) {
        ListenerConfig config = of.listener().config();
        Traffic traffic = of.listener().traffic();
        boolean tls = config.tlsConfigurationName().isPresent();
        boolean proxy = config.proxyProtocol() != ProxyMode.OFF;
        return new JsonObject()
                .put("proxyProtocol", config.proxyProtocol().toString())
                .put("proxyHeaders", proxy ? outcomes(ProxyOutcome.values(), traffic::proxyHeaders) : null)
                .put("tlsConfigurationName", config.tlsConfigurationName().orElse(null))
                .put("tlsClientAuth", config.tlsClientAuth().toString())
                .put("tlsHandshakes", tls ? outcomes(TlsOutcome.values(), traffic::handshakes) : null);
    }

    private static JsonObject byReason(Map<?, Long> counts) {
        JsonObject json = new JsonObject();
        counts.forEach((reason, count) -> json.put(reason.toString(), count));
        return json;
    }

    private static <E> JsonObject outcomes(E[] outcomes, ToLongFunction<E> count) {
        JsonObject json = new JsonObject();
        Arrays.stream(outcomes).forEach(outcome -> json.put(outcome.toString(), count.applyAsLong(outcome)));
        return json;
    }

    private static Long known(OptionalLong value) {
        return value.isPresent() ? (Long) value.getAsLong() : null;
    }
}
