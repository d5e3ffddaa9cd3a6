package dev.tcpecho.management;

import dev.tcpecho.kernel.NetworkCounters;
import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.net.AcceptQueue;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.server.EchoService;
import dev.tcpecho.server.Listener;
import io.netty.util.NetUtil;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** The report as text for a terminal: shortfalls first, with their notes, then what was asked for, then the rest. */
final class SocketTable {
    private static final String ROW = "%-17s %22s %22s  %-10s %s";
    private static final String LIMIT = "%-30s %-28s %-10s %s";

    private final Text text = new Text();

    private SocketTable() {}

    static String of(EchoService service, List<Listener> listeners) {
        SocketTable table = new SocketTable();
        table.text.line(
                0,
                "state " + service.state() + ", transport "
                        + service.transport().name() + ", " + System.getProperty("os.name") + ' '
                        + System.getProperty("os.version"));
        listeners.forEach(table::listener);
        table.limits();
        return table.text.toString();
    }

    private void listener(Listener listener) {
        for (ListeningSocket socket : listener.sockets()) {
            text.line(0, "");
            text.line(
                    0,
                    "listener " + listener.name() + " ("
                            + listener.config().mode().name().toLowerCase(Locale.ROOT) + ") on "
                            + NetUtil.toSocketAddressString(socket.address())
                            + (socket.shard().of() > 1
                                    ? ", shard " + socket.shard().number() + " of "
                                            + socket.shard().of()
                                    : "")
                            + (socket.isListening() ? "" : ", closed"));
            text.line(0, queue(socket.acceptQueue()));
            if (socket.otherListeners() > 0) {
                text.line(0, "sockets of others that share the address and port: " + socket.otherListeners());
            }
            options(socket.options());
        }
        text.line(0, "");
        text.line(0, "accepted by " + listener.name());
        text.line(
                0,
                "open connections by event loop: "
                        + listener.connectionsByLoop().values().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(", ")));
        options(listener.accepted());
    }

    private static String queue(AcceptQueue queue) {
        return "accept queue " + known(queue.current()) + ", longest of a sample every " + AcceptQueue.SAMPLE_MILLIS
                + " ms " + known(queue.peak()) + ", at most " + queue.max()
                + (queue.isMaxComputed() ? " (computed)" : "");
    }

    private void options(Collection<OptionReading> readings) {
        text.line(2, String.format(ROW, "OPTION", "REQUESTED", "EFFECTIVE", "STATUS", "REASON"));
        readings.stream().sorted(Comparator.comparingInt(SocketTable::rank)).forEach(reading -> {
            text.line(
                    2,
                    String.format(
                            ROW,
                            reading.option().kernelName(),
                            Text.value(reading.requested(), reading.option().unit()),
                            Text.value(reading.effective(), reading.option().unit()),
                            reading.verdict().status(),
                            Objects.requireNonNullElse(reading.verdict().reason(), "")));
            if (reading.verdict().status().isShortfall()) {
                text.line(6, reading.verdict().note());
            }
        });
    }

    private void limits() {
        text.line(0, "");
        text.line(0, "kernel limits");
        text.line(2, String.format(LIMIT, "SYSCTL", "VALUE", "SCOPE", "GOVERNS"));
        for (Sysctl sysctl : Sysctl.values()) {
            String value = Objects.requireNonNullElse(sysctl.text(), "cannot be read");
            text.line(
                    2, String.format(LIMIT, sysctl.key(), value, sysctl.scope(), String.join(", ", sysctl.governs())));
        }
        text.line(0, "");
        text.line(
                0,
                "this network namespace since its start: "
                        + NetworkCounters.read().entrySet().stream()
                                .map(each -> each.getKey() + " " + Objects.requireNonNullElse(each.getValue(), "?"))
                                .collect(Collectors.joining(", ")));
    }

    private static int rank(OptionReading reading) {
        return reading.verdict().status().isShortfall() ? 0 : reading.requested() != null ? 1 : 2;
    }

    private static String known(long value) {
        return value < 0 ? "?" : String.valueOf(value);
    }
}
