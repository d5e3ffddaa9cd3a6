package dev.tcpecho.management;

import dev.tcpecho.net.ProxyMode;
import dev.tcpecho.net.ProxyOutcome;
import dev.tcpecho.net.TlsOutcome;
import dev.tcpecho.server.CloseReason;
import dev.tcpecho.server.Listener;
import dev.tcpecho.server.RefusalReason;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Connections and bytes of a listener, and how connections ended or were refused. */
final class TrafficMeters {
    private TrafficMeters() {}

    static List<Meter> of(Listener listener) {
        Tags tags = Tags.of("listener", listener.name());
        List<Meter> meters = new ArrayList<>(List.of(
                Meter.gauge(
                        "echo.connections.active",
                        "Connections open now",
                        tags,
                        counts(listener, Snapshot.Counts::active)),
                Meter.gauge(
                        "echo.connections.limit",
                        "Connections served at a time",
                        tags,
                        now -> listener.connectionLimit().inForce()),
                Meter.counter(
                        "echo.connections.opened",
                        "Connections accepted and served",
                        tags,
                        counts(listener, Snapshot.Counts::opened)),
                Meter.counter(
                        "echo.bytes.received",
                        "Bytes read from peers",
                        tags,
                        counts(listener, Snapshot.Counts::received)),
                Meter.counter(
                        "echo.bytes.sent",
                        "Bytes that the kernel took for peers",
                        tags,
                        counts(listener, Snapshot.Counts::sent)),
                Meter.counter(
                        "echo.bytes.discarded",
                        "Bytes read and not echoed",
                        tags,
                        counts(listener, Snapshot.Counts::discarded)),
                Meter.counter(
                        "echo.reads.put.off",
                        "Reads that found no memory for what they would bring",
                        tags,
                        now -> listener.traffic().readsPutOff()),
                Meter.counter(
                        "echo.accept.errors",
                        "Failed accept() calls",
                        tags,
                        counts(listener, Snapshot.Counts::acceptFailures))));
        for (CloseReason reason : CloseReason.values()) {
            meters.add(Meter.counter(
                    "echo.connections.closed",
                    "Connections ended, by reason",
                    tags.and("reason", reason.toString()),
                    counts(listener, counts -> counts.closed().get(reason))));
        }
        for (RefusalReason reason : RefusalReason.values()) {
            meters.add(Meter.counter(
                    "echo.connections.refused",
                    "Connections closed as soon as they were accepted, by reason",
                    tags.and("reason", reason.toString()),
                    counts(listener, counts -> counts.refused().get(reason))));
        }
        meters.addAll(entrance(listener));
        for (String loop : listener.connectionsByLoop().keySet()) {
            meters.add(Meter.gauge(
                    "echo.loop.connections",
                    "Connections open now, by the event loop that serves them",
                    tags.and("loop", loop),
                    now -> now.of(listener).connectionsByLoop().get(loop)));
        }
        return meters;
    }

    /** What stands in front of connections; nothing where nothing does. */
    private static List<Meter> entrance(Listener listener) {
        Tags tags = Tags.of("listener", listener.name());
        List<Meter> meters = new ArrayList<>();
        if (listener.config().proxyProtocol() != ProxyMode.OFF) {
            for (ProxyOutcome outcome : ProxyOutcome.values()) {
                meters.add(Meter.counter(
                        "echo.proxy.headers",
                        "PROXY headers that connections began with, or should have, by outcome",
                        tags.and("outcome", outcome.toString()),
                        now -> listener.traffic().proxyHeaders(outcome)));
            }
        }
        if (listener.fault().isAsked()) {
            meters.add(Meter.counter(
                    "echo.fault.connections",
                    "Connections that got the fault of their listener",
                    tags,
                    now -> listener.fault().faulty()));
        }
        if (listener.config().tlsConfigurationName().isPresent()) {
            for (TlsOutcome outcome : TlsOutcome.values()) {
                meters.add(Meter.counter(
                        "echo.tls.handshakes",
                        "TLS handshakes, by outcome",
                        tags.and("outcome", outcome.toString()),
                        now -> listener.traffic().handshakes(outcome)));
            }
        }
        return meters;
    }

    private static ToDoubleFunction<Snapshot> counts(Listener listener, ToDoubleFunction<Snapshot.Counts> figure) {
        return now -> figure.applyAsDouble(now.of(listener).counts());
    }
}
