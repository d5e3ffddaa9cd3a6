package dev.tcpecho.management;

import dev.tcpecho.kernel.NetworkCounters;
import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.net.ProxyMode;
import dev.tcpecho.net.ProxyOutcome;
import dev.tcpecho.net.TlsOutcome;
import dev.tcpecho.server.CloseReason;
import dev.tcpecho.server.EchoServer;
import dev.tcpecho.server.EchoService;
import dev.tcpecho.server.Listener;
import dev.tcpecho.server.RefusalReason;
import dev.tcpecho.server.ServiceState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Every meter of the service, as a table. They are read at scrape; nothing is looked up on the echo path. */
@Singleton
final class EchoMeters {
    private static final String QUEUE = "Connections that wait for accept(); -1 = cannot be read";
    private static final String DRAINED = "Connections open when the drain began, by how they ended";

    private final MeterRegistry registry;
    private final EchoServer service;
    private Scrapes scrapes;

    EchoMeters(MeterRegistry registry, EchoServer service) {
        this.registry = registry;
        this.service = service;
    }

    /** Every label is known once the listeners are bound, and every meter is there before the service is ready. */
    void register(@Observes @Priority(EchoService.START_PRIORITY - 1) StartupEvent event) {
        service.whenBound(this::registerAll);
    }

    private void registerAll() {
        List<Meter> meters = meters();
        scrapes = new Scrapes(() -> Snapshot.ofScrape(service), meters.size());
        meters.forEach(meter -> meter.register(registry, scrapes));
    }

    private List<Meter> meters() {
        List<Meter> meters = new ArrayList<>();
        for (ServiceState state : ServiceState.values()) {
            meters.add(Meter.gauge(
                    "echo.state",
                    "1 for the state the service is in",
                    Tags.of("state", state.toString()),
                    now -> now.state() == state ? 1 : 0));
        }
        meters.add(Meter.counter(
                "echo.drain.connections", DRAINED, Tags.of("outcome", "finished"), now -> service.drainFinished()));
        meters.add(Meter.counter(
                "echo.drain.connections", DRAINED, Tags.of("outcome", "forced"), now -> service.drainForced()));
        network("echo.network.listen.overflows", NetworkCounters.ListenOverflows)
                .forEach(meters::add);
        network("echo.network.listen.drops", NetworkCounters.ListenDrops).forEach(meters::add);
        network("echo.network.request.queue.full.drops", NetworkCounters.TCPReqQFullDrop)
                .forEach(meters::add);
        network("echo.network.syncookies.sent", NetworkCounters.SyncookiesSent).forEach(meters::add);
        network("echo.network.syncookies.received", NetworkCounters.SyncookiesRecv)
                .forEach(meters::add);
        network("echo.network.syncookies.failed", NetworkCounters.SyncookiesFailed)
                .forEach(meters::add);
        for (Listener listener : service.listeners()) {
            meters.addAll(traffic(listener));
            meters.addAll(queues(listener));
            meters.addAll(OptionMeters.of(listener));
        }
        return meters;
    }

    private static List<Meter> traffic(Listener listener) {
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
                        now -> listener.maxConnections()),
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
                        "Bytes read and not echoed (once)",
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

    private static List<Meter> queues(Listener listener) {
        List<Meter> meters = new ArrayList<>();
        for (ListeningSocket socket : listener.sockets()) {
            Tags tags = Tags.of(
                    "listener", listener.name(),
                    "address", Addresses.hostPort(socket.address()),
                    "shard", String.valueOf(socket.shard().number()));
            meters.add(queue(tags.and("kind", "current"), listener, socket, Snapshot.Queue::current));
            meters.add(queue(tags.and("kind", "peak"), listener, socket, Snapshot.Queue::peak));
            meters.add(queue(tags.and("kind", "max"), listener, socket, Snapshot.Queue::max));
            if (socket.acceptQueue().drops() >= 0) { // else 0 would be a claim
                meters.add(Meter.counter(
                        "echo.listen.drops",
                        "SYNs and connections that this listening socket dropped",
                        tags,
                        now -> now.of(listener).of(socket).drops()));
            }
        }
        return meters;
    }

    private static Meter queue(
            Tags tags, Listener listener, ListeningSocket socket, ToDoubleFunction<Snapshot.Queue> figure) {
        return Meter.gauge(
                "echo.accept.queue",
                QUEUE,
                tags,
                now -> figure.applyAsDouble(now.of(listener).of(socket).queue()));
    }

    /** Left out where it cannot be read: 0 would be a claim. */
    private static Stream<Meter> network(String name, NetworkCounters counter) {
        return NetworkCounters.read().get(counter) == null
                ? Stream.empty()
                : Stream.of(Meter.counter(
                        name, "TcpExt " + counter.name() + " of this network namespace", Tags.empty(), now -> {
                            Long value = now.network().get(counter);
                            return value == null ? 0 : value;
                        }));
    }
}
