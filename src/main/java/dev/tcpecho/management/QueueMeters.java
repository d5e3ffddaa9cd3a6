package dev.tcpecho.management;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.server.Listener;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The accept queue of each listening socket, and what it dropped. */
final class QueueMeters {
    private static final String QUEUE = "Connections that wait for accept(); -1 = cannot be read";

    private QueueMeters() {}

    static List<Meter> of(Listener listener) {
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
}
