package dev.tcpecho.management;

import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.Role;
import dev.tcpecho.option.SocketOption;
import dev.tcpecho.server.Listener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
import java.util.stream.Stream;

/** Effective socket options as gauges, and a gauge for each that was asked for: 1 while it is short. */
final class OptionMeters {
    private OptionMeters() {}

    static void register(MeterRegistry registry, Listener listener) {
        for (Role role : Role.values()) {
            for (SocketOption option : SocketOption.values()) {
                readings(listener, role, option).findFirst().ifPresent(reading -> {
                    Tags tags = Tags.of(
                            "listener", listener.name(),
                            "role", role.name().toLowerCase(Locale.ROOT),
                            "option", option.kernelName());
                    if (reading.effective() instanceof Long) {
                        Gauge.builder("echo.socket.option", listener, l -> effective(l, role, option))
                                .description("The value in force, as getsockopt answers it")
                                .tags(tags)
                                .register(registry);
                    }
                    if (reading.requested() != null) {
                        Gauge.builder("echo.socket.option.shortfall", listener, l -> shortfall(l, role, option))
                                .description("1 while the kernel gives less than was asked")
                                .tags(tags)
                                .register(registry);
                    }
                });
            }
        }
    }

    /** Of each of the listener's sockets that has the option; one getsockopt for each. */
    private static Stream<OptionReading> readings(Listener listener, Role role, SocketOption option) {
        return role == Role.ACCEPTED
                ? listener.accepted().stream().filter(reading -> reading.option() == option)
                : listener.sockets().stream().flatMap(socket -> socket.option(option).stream());
    }

    private static double effective(Listener listener, Role role, SocketOption option) {
        return readings(listener, role, option)
                .filter(reading -> reading.effective() instanceof Long)
                .mapToDouble(reading -> (Long) reading.effective())
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double shortfall(Listener listener, Role role, SocketOption option) {
        return readings(listener, role, option)
                        .anyMatch(reading -> reading.verdict().status().isShortfall())
                ? 1
                : 0;
    }
}
