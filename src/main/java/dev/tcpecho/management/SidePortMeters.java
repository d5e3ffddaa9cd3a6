package dev.tcpecho.management;

import dev.tcpecho.net.SidePortSockets;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** What the bounds of the side port do. */
final class SidePortMeters {
    private SidePortMeters() {}

    static void register(MeterRegistry registry, SidePortSockets sockets) {
        Gauge.builder("echo.side.port.connections.active", sockets, SidePortSockets::open)
                .description("Connections of the side port that are served now")
                .register(registry);
        Gauge.builder("echo.side.port.connections.waiting", sockets, SidePortSockets::waiting)
                .description("Connections of the side port that have not asked yet, or wait for their turn")
                .register(registry);
        Gauge.builder("echo.side.port.connections.limit", sockets, SidePortSockets::most)
                .description("Connections of the side port that are served at a time")
                .register(registry);
        for (SidePortSockets.Ended reason : SidePortSockets.Ended.values()) {
            FunctionCounter.builder("echo.side.port.connections.ended", sockets, each -> each.ended(reason))
                    .description("Connections of the side port that the service ended because they kept it waiting")
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }
}
