package dev.tcpecho.management;

import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.Role;
import dev.tcpecho.option.SocketOption;
import dev.tcpecho.option.Unit;
import dev.tcpecho.server.Listener;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Effective socket options as gauges, and a gauge for each that was asked for: 1 while it is short. */
final class OptionMeters {
    private OptionMeters() {}

    /** For every option that the listener's sockets can tell of, be its value known yet or not. */
    static List<Meter> of(Listener listener) {
        List<Meter> meters = new ArrayList<>();
        for (Role role : Role.values()) {
            for (SocketOption option : listener.knowable(role)) {
                Tags tags = Tags.of(
                        "listener", listener.name(),
                        "role", role.name().toLowerCase(Locale.ROOT),
                        "option", option.kernelName());
                if (option.unit() != Unit.TEXT) {
                    meters.add(Meter.gauge(
                            "echo.socket.option",
                            "The value in force, as getsockopt answers it",
                            tags,
                            now -> effective(now.of(listener), role, option)));
                }
            }
            for (SocketOption option : listener.requested(role)) {
                Tags tags = Tags.of(
                        "listener", listener.name(),
                        "role", role.name().toLowerCase(Locale.ROOT),
                        "option", option.kernelName());
                meters.add(Meter.gauge(
                        "echo.socket.option.shortfall",
                        "1 while the kernel gives less than was asked",
                        tags,
                        now -> shortfall(now.of(listener), role, option)));
            }
        }
        return meters;
    }

    /** Of each of the listener's sockets that has the option. */
    private static Stream<OptionReading> readings(Snapshot.OfListener of, Role role, SocketOption option) {
        Stream<OptionReading> all = role == Role.ACCEPTED
                ? of.accepted().stream()
                : of.sockets().stream().flatMap(socket -> socket.options().stream());
        return all.filter(reading -> reading.option() == option);
    }

    private static double effective(Snapshot.OfListener of, Role role, SocketOption option) {
        return readings(of, role, option)
                .filter(reading -> reading.effective() != null)
                .mapToDouble(reading -> reading.effective().asNumber().orElseThrow())
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double shortfall(Snapshot.OfListener of, Role role, SocketOption option) {
        List<OptionReading> readings = readings(of, role, option).toList();
        if (readings.isEmpty()) {
            return Double.NaN;
        }
        return readings.stream().anyMatch(reading -> reading.verdict().status().isShortfall()) ? 1 : 0;
    }
}
