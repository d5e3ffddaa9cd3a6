package dev.tcpecho.management;

import dev.tcpecho.server.Listener;
import dev.tcpecho.socket.ListeningSocket;
import dev.tcpecho.socket.OptionReading;
import dev.tcpecho.socket.Role;
import dev.tcpecho.socket.SocketOption;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Stream;

/** Effective socket options as gauges, and a gauge for each that was asked for: 1 while it is short. */
final class OptionMeters {
    private OptionMeters() {}

    static void register(MeterRegistry registry, Listener listener) {
        Stream.of(Role.values()).forEach(role -> readings(listener, role).forEach(reading -> {
            Tags tags = Tags.of(
                    "listener", listener.name(),
                    "role", role.name().toLowerCase(Locale.ROOT),
                    "option", reading.option().kernelName());
            if (reading.effective() instanceof Long) {
                Gauge.builder("echo.socket.option", listener, l -> effective(l, role, reading.option()))
                        .description("The value in force, as getsockopt answers it")
                        .tags(tags)
                        .register(registry);
            }
            if (reading.requested() != null) {
                Gauge.builder("echo.socket.option.shortfall", listener, l -> shortfall(l, role, reading.option()))
                        .description("1 while the kernel gives less than was asked")
                        .tags(tags)
                        .register(registry);
            }
        }));
    }

    private static Collection<OptionReading> readings(Listener listener, Role role) {
        return role == Role.ACCEPTED
                ? listener.accepted()
                : listener.sockets().stream()
                        .findFirst()
                        .map(ListeningSocket::options)
                        .orElseThrow();
    }

    private static double effective(Listener listener, Role role, SocketOption option) {
        return readings(listener, role).stream()
                .filter(reading -> reading.option() == option && reading.effective() instanceof Long)
                .mapToDouble(reading -> (Long) reading.effective())
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double shortfall(Listener listener, Role role, SocketOption option) {
        return readings(listener, role).stream()
                        .anyMatch(reading -> reading.option() == option
                                && reading.verdict().status().isShortfall())
                ? 1
                : 0;
    }
}
