package dev.tcpecho.management;

import dev.tcpecho.server.EchoService;
import dev.tcpecho.server.Listener;
import dev.tcpecho.socket.AcceptQueue;
import dev.tcpecho.socket.ListeningSocket;
import dev.tcpecho.socket.OptionReading;
import dev.tcpecho.socket.Unit;
import io.netty.util.NetUtil;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The report as text for a terminal of 100 columns: shortfalls first, then what was asked for, then the rest. */
final class SocketTable {
    private static final String ROW = "  %-17s %20s %20s  %-10s %s%n";

    private SocketTable() {}

    static String of(EchoService service, List<Listener> listeners) {
        StringBuilder text = new StringBuilder();
        text.append("state ")
                .append(service.state())
                .append(", transport ")
                .append(service.transport().name());
        text.append(", ").append(System.getProperty("os.name")).append(' ').append(System.getProperty("os.version"));
        text.append(System.lineSeparator());
        for (Listener listener : listeners) {
            for (ListeningSocket socket : listener.sockets()) {
                AcceptQueue queue = socket.acceptQueue();
                text.append(String.format(
                        "%nlistener %s (%s) on %s, accept queue %s of %s%n",
                        listener.name(),
                        listener.config().mode().name().toLowerCase(Locale.ROOT),
                        NetUtil.toSocketAddressString(socket.address()),
                        known(queue.current()),
                        known(queue.max())));
                append(text, socket.options());
            }
            text.append(String.format("%naccepted by %s%n", listener.name()));
            append(text, listener.accepted());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Collection<OptionReading> readings) {
        text.append(String.format(ROW, "OPTION", "REQUESTED", "EFFECTIVE", "STATUS", "REASON"));
        readings.stream()
                .sorted(Comparator.comparingInt(SocketTable::rank))
                .forEach(reading -> text.append(String.format(
                        ROW,
                        reading.option().kernelName(),
                        shown(reading.requested(), reading.option().unit()),
                        shown(reading.effective(), reading.option().unit()),
                        reading.verdict().status(),
                        reading.verdict().reason() == null
                                ? ""
                                : reading.verdict().reason())));
    }

    private static int rank(OptionReading reading) {
        return reading.verdict().status().isShortfall() ? 0 : reading.requested() != null ? 1 : 2;
    }

    private static String known(long value) {
        return value < 0 ? "?" : String.valueOf(value);
    }

    /** Such as {@code 128 KiB (131072)}. */
    private static String shown(Object value, Unit unit) {
        if (value == null) {
            return "-";
        }
        if (unit != Unit.BYTES || (Long) value < 1024 || (Long) value % 1024 != 0) {
            return value.toString();
        }
        long bytes = (Long) value;
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + " MiB (" + bytes + ")" : (bytes >> 10) + " KiB (" + bytes + ")";
    }
}
