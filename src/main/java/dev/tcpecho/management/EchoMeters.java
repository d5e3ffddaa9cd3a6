package dev.tcpecho.management;

import dev.tcpecho.kernel.NetworkCounters;
import dev.tcpecho.net.AcceptQueue;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.server.CloseReason;
import dev.tcpecho.server.EchoService;
import dev.tcpecho.server.Listener;
import dev.tcpecho.server.RefusalReason;
import dev.tcpecho.server.ServiceState;
import dev.tcpecho.server.Traffic;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.netty.util.NetUtil;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** Every meter of the service. They are read at scrape; nothing is looked up on the echo path. */
@Singleton
final class EchoMeters {
    private final MeterRegistry registry;
    private final EchoService service;

    EchoMeters(MeterRegistry registry, EchoService service) {
        this.registry = registry;
        this.service = service;
    }

    /** After the listeners are bound, so that every label is known. */
    void register(@Observes @Priority(EchoService.START_PRIORITY + 1) StartupEvent event) {
        for (ServiceState state : ServiceState.values()) {
            gauge(
                    "echo.state",
                    "1 for the state the service is in",
                    Tags.of("state", state.toString()),
                    service,
                    s -> s.state() == state ? 1 : 0);
        }
        counter(
                "echo.drain.connections",
                "Connections open when the drain began, by how they ended",
                Tags.of("outcome", "finished"),
                service,
                EchoService::drainFinished);
        counter(
                "echo.drain.connections",
                "Connections open when the drain began, by how they ended",
                Tags.of("outcome", "forced"),
                service,
                EchoService::drainForced);
        service.listeners().forEach(this::registerListener);
        network("echo.network.listen.overflows", NetworkCounters.ListenOverflows);
        network("echo.network.listen.drops", NetworkCounters.ListenDrops);
        network("echo.network.request.queue.full.drops", NetworkCounters.TCPReqQFullDrop);
        network("echo.network.syncookies.sent", NetworkCounters.SyncookiesSent);
        network("echo.network.syncookies.received", NetworkCounters.SyncookiesRecv);
        network("echo.network.syncookies.failed", NetworkCounters.SyncookiesFailed);
    }

    private void registerListener(Listener listener) {
        Traffic traffic = listener.traffic();
        Tags tags = Tags.of("listener", listener.name());
        gauge("echo.connections.active", "Connections open now", tags, traffic, Traffic::active);
        gauge("echo.connections.limit", "Connections served at a time", tags, listener, Listener::maxConnections);
        counter("echo.connections.opened", "Connections accepted and served", tags, traffic, Traffic::opened);
        for (CloseReason reason : CloseReason.values()) {
            counter(
                    "echo.connections.closed",
                    "Connections ended, by reason",
                    tags.and("reason", reason.toString()),
                    traffic,
                    t -> t.closed(reason));
        }
        for (RefusalReason reason : RefusalReason.values()) {
            counter(
                    "echo.connections.refused",
                    "Connections closed as soon as they were accepted, by reason",
                    tags.and("reason", reason.toString()),
                    traffic,
                    t -> t.refused(reason));
        }
        counter("echo.bytes.received", "Bytes read from peers", tags, traffic, Traffic::bytesReceived);
        counter("echo.bytes.sent", "Bytes that the kernel took for peers", tags, traffic, Traffic::bytesSent);
        counter("echo.bytes.discarded", "Bytes read and not echoed (once)", tags, traffic, Traffic::bytesDiscarded);
        counter("echo.accept.errors", "Failed accept() calls", tags, traffic, Traffic::acceptFailures);
        for (ListeningSocket socket : listener.sockets()) {
            Tags address = tags.and("address", NetUtil.toSocketAddressString(socket.address()))
                    .and("shard", String.valueOf(socket.shard().number()));
            acceptQueue(address.and("kind", "current"), socket, AcceptQueue::current);
            acceptQueue(address.and("kind", "peak"), socket, AcceptQueue::peak);
            acceptQueue(address.and("kind", "max"), socket, AcceptQueue::max);
        }
        for (String loop : listener.connectionsByLoop().keySet()) {
            gauge(
                    "echo.loop.connections",
                    "Connections open now, by the event loop that serves them",
                    tags.and("loop", loop),
                    listener,
                    l -> l.connectionsByLoop().get(loop));
        }
        OptionMeters.register(registry, listener);
    }

    private void acceptQueue(Tags tags, ListeningSocket socket, ToDoubleFunction<AcceptQueue> figure) {
        gauge(
                "echo.accept.queue",
                "Connections that wait for accept(); -1 = cannot be read",
                tags,
                socket,
                s -> figure.applyAsDouble(s.acceptQueue()));
    }

    /** Left out where it cannot be read: 0 would be a claim. */
    private void network(String name, NetworkCounters counter) {
        if (NetworkCounters.read().get(counter) == null) {
            return;
        }
        counter(name, "TcpExt " + counter.name() + " of this network namespace", Tags.empty(), service, s -> {
            Long value = NetworkCounters.read().get(counter);
            return value == null ? 0 : value;
        });
    }

    private <T> void gauge(String name, String help, Tags tags, T subject, ToDoubleFunction<T> value) {
        Gauge.builder(name, subject, value)
                .description(help)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private <T> void counter(String name, String help, Tags tags, T subject, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, subject, value)
                .description(help)
                .tags(tags)
                .register(registry);
    }
}
