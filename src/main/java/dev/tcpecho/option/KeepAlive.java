package dev.tcpecho.option;

import dev.tcpecho.kernel.TcpInfo;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;

/**
 * What keep-alive does on one socket, by the options that it has (tcp(7); the kernel's tcp_keepalive_timer).
 *
 * @param armed whether silence is probed at all
 * @param idle silence before the first probe
 * @param interval between probes
 * @param probes unanswered ones after which the connection is dropped
 * @param userTimeout TCP_USER_TIMEOUT, which counts instead of the number of probes; zero when it is off
 */
public record KeepAlive(boolean armed, Duration idle, Duration interval, long probes, Duration userTimeout) {
    /** The shortest memory of a common one: AWS NLB's, unless told otherwise. */
    private static final Duration BALANCER = Duration.ofSeconds(350);

    /** Empty where the transport cannot tell. */
    public static Optional<KeepAlive> of(Map<SocketOption, OptionValue> values) {
        OptionalLong armed = number(values, SocketOption.SO_KEEPALIVE);
        OptionalLong idle = number(values, SocketOption.TCP_KEEPIDLE);
        OptionalLong interval = number(values, SocketOption.TCP_KEEPINTVL);
        OptionalLong probes = number(values, SocketOption.TCP_KEEPCNT);
        if (armed.isEmpty() || idle.isEmpty() || interval.isEmpty() || probes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new KeepAlive(
                armed.getAsLong() != 0,
                Duration.ofSeconds(idle.getAsLong()),
                Duration.ofSeconds(interval.getAsLong()),
                probes.getAsLong(),
                Duration.ofMillis(number(values, SocketOption.TCP_USER_TIMEOUT).orElse(0))));
    }

    /** As {@link #of(Map)}, of what was read before. */
    public static Optional<KeepAlive> of(Collection<OptionReading> readings) {
        Map<SocketOption, OptionValue> values = new EnumMap<>(SocketOption.class);
        readings.stream()
                .filter(reading -> reading.effective() != null)
                .forEach(reading -> values.put(reading.option(), reading.effective()));
        return of(values);
    }

    private static OptionalLong number(Map<SocketOption, OptionValue> values, SocketOption option) {
        OptionValue value = values.get(option);
        return value == null ? OptionalLong.empty() : value.asNumber();
    }

    /** How long a peer that vanished in silence holds its connection, once armed. */
    public Duration deadPeerFoundAfter() {
        if (userTimeout.isZero()) {
            return idle.plus(interval.multipliedBy(probes));
        }
        // Looked at when a probe is due, and not before one went unanswered.
        Duration found = idle.plus(interval);
        while (found.compareTo(userTimeout) < 0) {
            found = found.plus(interval);
        }
        return found;
    }

    /**
     * For whoever wonders whether a balancer's memory of idle connections is survived; keys stand below echo.socket.
     */
    public String note() {
        if (!armed) {
            return "silence is not probed: a peer that vanishes is found by the idle time-out alone, and a balancer that"
                    + " forgets idle connections after " + BALANCER.toSeconds()
                    + " s is not survived: set tcp-keep-alive, and tcp-keep-alive-idle below its time";
        }
        String found = "a peer that vanishes in silence is found after " + words(deadPeerFoundAfter()) + " ("
                + idle.toSeconds() + " s of silence, then "
                + (userTimeout.isZero() ? probes + " probes" : "probes until TCP_USER_TIMEOUT") + " every "
                + interval.toSeconds() + " s); a balancer that forgets idle connections after " + BALANCER.toSeconds()
                + " s is ";
        return idle.compareTo(BALANCER) < 0
                ? found + "survived"
                : found + "not survived: set tcp-keep-alive-idle below its time";
    }

    /** Such as {@code 2 h 11 min 15 s}. */
    private static String words(Duration time) {
        StringJoiner words = new StringJoiner(" ");
        if (time.toHours() > 0) {
            words.add(time.toHours() + " h");
        }
        if (time.toMinutesPart() > 0) {
            words.add(time.toMinutesPart() + " min");
        }
        if (time.toSecondsPart() > 0 || words.length() == 0) {
            words.add(time.toSecondsPart() + " s");
        }
        return words.toString();
    }

    /** When the kernel will probe next if nothing comes; empty while it does not: data is under way, or not armed. */
    public Optional<Duration> nextProbe(TcpInfo info) {
        if (!armed || info.unacked() > 0 || info.notSent() > 0) {
            return Optional.empty();
        }
        Duration silent = Duration.ofMillis(Math.min(info.lastDataReceived(), info.lastAckReceived()));
        Duration left =
                idle.plus(interval.multipliedBy(info.unansweredProbes())).minus(silent);
        return Optional.of(left.isNegative() ? Duration.ZERO : left);
    }
}
