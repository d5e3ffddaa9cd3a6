package dev.tcpecho.server;

import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.kernel.Sysctls;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.SocketOption;
import dev.tcpecho.option.Verdict;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/** Socket options of which the kernel gave less than was asked, as lines for an operator. */
final class Shortfalls {
    private Shortfalls() {}

    /** Each option once per listener, be it short on its sockets or on accepted connections. */
    static Stream<String> of(Listener listener) {
        Set<SocketOption> told = EnumSet.noneOf(SocketOption.class);
        Sysctls sysctls = Sysctls.read();
        return Stream.concat(
                        listener.sockets().stream()
                                .map(socket -> socket.options().readings(sysctls))
                                .flatMap(Collection::stream),
                        listener.accepted().stream())
                .filter(reading -> reading.verdict().status().isShortfall() && told.add(reading.option()))
                .map(reading -> line(listener, reading, sysctls));
    }

    private static String line(Listener listener, OptionReading reading, Sysctls sysctls) {
        Verdict verdict = reading.verdict();
        Sysctl governor = verdict.governedBy();
        return "listener " + listener.name() + ": " + reading.option().kernelName() + " is " + verdict.status()
                + " (" + verdict.reason() + "): asked for " + reading.requested() + ", got "
                + (reading.effective() == null ? "nothing that can be read" : reading.effective())
                + (governor == null ? "" : ", " + governor.key() + valueOf(governor, sysctls))
                + "; " + verdict.note() + ". To do: " + advice(listener, reading);
    }

    private static String valueOf(Sysctl governor, Sysctls sysctls) {
        String text = sysctls.text(governor);
        return text == null ? ", which cannot be read here," : " = " + text;
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
