package dev.tcpecho.server;

import dev.tcpecho.socket.ListeningSocket;
import dev.tcpecho.socket.OptionReading;
import dev.tcpecho.socket.Sysctl;
import java.util.Collection;
import java.util.stream.Stream;

/** Socket options of which the kernel gave less than was asked, as lines for an operator. */
final class Shortfalls {
    private Shortfalls() {}

    /** Each option once per listener, be it short on its sockets or on accepted connections. */
    static Stream<String> of(Listener listener) {
        return Stream.concat(
                        listener.sockets().stream()
                                .map(ListeningSocket::options)
                                .flatMap(Collection::stream),
                        listener.accepted().stream())
                .filter(reading -> reading.verdict().status().isShortfall())
                .map(reading -> line(listener, reading))
                .distinct();
    }

    private static String line(Listener listener, OptionReading reading) {
        Sysctl governor = reading.verdict().governedBy();
        return "listener " + listener.name() + ": " + reading.option().kernelName() + " is "
                + reading.verdict().status() + ": asked for " + reading.requested() + ", got "
                + (reading.effective() == null ? "nothing that can be read" : reading.effective()) + "; "
                + reading.verdict().note()
                + (governor == null ? "" : " [" + governor.key() + " = " + governor.text() + "]");
    }
}
