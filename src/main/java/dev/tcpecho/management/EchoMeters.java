package dev.tcpecho.management;

import dev.tcpecho.kernel.NetworkCounters;
import dev.tcpecho.server.EchoServer;
import dev.tcpecho.server.EchoService;
import dev.tcpecho.server.Listener;
import dev.tcpecho.server.ServiceState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every meter of the service, as a table. They are read at scrape; nothing is looked up on the echo path. */
@Singleton
final class EchoMeters {
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
                "echo.drain.connections", DRAINED, Tags.of("outcome", "finished"), now -> service.drained()
                        .finished()));
        meters.add(
                Meter.counter("echo.drain.connections", DRAINED, Tags.of("outcome", "forced"), now -> service.drained()
                        .forced()));
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
            meters.addAll(TrafficMeters.of(listener));
            meters.addAll(QueueMeters.of(listener));
            meters.addAll(OptionMeters.of(listener));
        }
        return meters;
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
