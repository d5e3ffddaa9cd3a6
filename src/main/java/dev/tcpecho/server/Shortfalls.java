package dev.tcpecho.server;

import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.kernel.Sysctls;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.SocketOption;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Stream;

/** Socket options of which the kernel gave less than was asked, as lines for an operator. */
final class Shortfalls {
    private Shortfalls() {}

    /** A line each, as short as the report's summary; what several listeners have in common is said once. */
    static List<String> briefly(List<Listener> listeners) {
        Sysctls sysctls = Sysctls.read();
        Map<String, StringJoiner> listenersOf = new LinkedHashMap<>();
        listeners.forEach(listener -> readings(listener, sysctls).forEach(reading -> listenersOf
                .computeIfAbsent(line(reading, sysctls), line -> new StringJoiner(", "))
                .add(listener.name())));
        return listenersOf.entrySet().stream()
                .map(each -> "listener " + each.getValue() + ": " + each.getKey())
                .toList();
    }

    /** With what to do about each. */
    static Stream<String> withAdvice(Listener listener) {
        Sysctls sysctls = Sysctls.read();
        return readings(listener, sysctls)
                .map(reading -> "listener " + listener.name() + ": " + line(reading, sysctls) + "; "
                        + reading.verdict().note() + ". To do: " + advice(listener, reading));
    }

    /** Each option once per listener, be it short on its sockets or on accepted connections. */
    private static Stream<OptionReading> readings(Listener listener, Sysctls sysctls) {
        Set<SocketOption> told = EnumSet.noneOf(SocketOption.class);
        return Stream.concat(
                        listener.sockets().stream()
                                .map(socket -> socket.options().readings(sysctls))
                                .flatMap(Collection::stream),
                        listener.accepted().stream())
                .filter(reading -> reading.verdict().status().isShortfall() && told.add(reading.option()));
    }

    private static String line(OptionReading reading, Sysctls sysctls) {
        return reading.option().kernelName() + " is " + Summary.shortfall(reading, sysctls) + ": asked for "
                + reading.requested() + ", got "
                + (reading.effective() == null ? "nothing that can be read" : reading.effective());
    }

    private static String advice(Listener listener, OptionReading reading) {
        String key = ConfiguredListeners.key(
                listener.name(), "socket." + reading.option().key());
        Sysctl governor = reading.verdict().governedBy();
        return switch (reading.verdict().reason()) {
            case NEEDS_KEEPALIVE ->
                "set " + ConfiguredListeners.key(listener.name(), "socket.tcp-keep-alive") + "=true, or unset " + key;
            case TRANSPORT ->
                "on Linux leave quarkus.vertx.prefer-native-transport at true and see why it is not in use, or unset "
                        + key;
            case REFUSED ->
                "give " + key + " a value that the kernel takes, or the process the capability it asks for"
                        + " (CAP_NET_ADMIN for most; CAP_NET_RAW does for SO_PRIORITY and SO_MARK)";
            case ECN_MASKED -> "give " + key + " a multiple of 4";
            case NOT_STICKY -> "unset " + key;
            case OVERRULED, NEGOTIATED, SYSCTL_OFF ->
                governor == null
                        ? "unset " + key + ", or the key of the option that decides in its place"
                        : governor.remedy() + "; or unset " + key;
            default ->
                governor == null
                        ? "give " + key + " what the kernel keeps, or unset it"
                        : governor.remedy() + "; or ask for less with " + key;
        };
    }
}
