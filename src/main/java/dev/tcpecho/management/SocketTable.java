package dev.tcpecho.management;

import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.net.AcceptQueue;
import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.Shard;
import dev.tcpecho.option.KeepAlive;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.SocketOption;
import dev.tcpecho.server.AcceptedReading;
import dev.tcpecho.server.ConnectionLimit;
import dev.tcpecho.server.EchoServer;
import dev.tcpecho.server.ListenerFault;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** The report as text for a terminal: shortfalls first, with their notes, then what was asked for, then the rest. */
final class SocketTable {
    private static final String ROW = "%-17s %22s %22s  %-10s %s";
    private static final String LIMIT = "%-31s %-28s %-10s %s";

    private final Text text = new Text();
    private final Snapshot snapshot;

    private SocketTable(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    static String of(EchoServer service, Snapshot snapshot) {
        SocketTable table = new SocketTable(snapshot);
        table.text.line(0, snapshot.summary());
        table.text.line(
                0,
                "state " + snapshot.state() + ", transport "
                        + service.transport().name() + ", " + System.getProperty("os.name") + ' '
                        + System.getProperty("os.version"));
        snapshot.listeners().forEach(table::listener);
        table.limits();
        return table.text.toString();
    }

    private void listener(Snapshot.OfListener of) {
        for (Snapshot.OfSocket socket : of.sockets()) {
            Shard shard = socket.socket().shard();
            text.line(0, "");
            text.line(
                    0,
                    "listener " + of.listener().name() + " ("
                            + of.listener().config().mode().name().toLowerCase(Locale.ROOT) + ") on "
                            + Addresses.hostPort(socket.address())
                            + (shard.of() > 1 ? ", shard " + shard.number() + " of " + shard.of() : "")
                            + (socket.listening() ? "" : ", closed"));
            fault(of.listener().fault());
            text.line(0, queue(socket.queue()) + (socket.drops() < 0 ? "" : "; dropped " + socket.drops()));
            socket.others()
                    .forEach(other -> text.line(
                            0,
                            "another socket listens on " + Addresses.hostPort(other.address()) + " and gets "
                                    + other.takes()));
            options(text, socket.options());
        }
        text.line(0, "");
        text.line(0, "accepted by " + of.listener().name());
        text.line(
                0,
                "open connections by event loop: "
                        + of.connectionsByLoop().values().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(", "))
                        + "; " + limit(of.listener().connectionLimit()));
        for (AcceptedReading reading : of.acceptedByFamily()) {
            text.line(
                    0,
                    reading.family() + " read from "
                            + (reading.fromCheck() ? "the start-up check" : "a client's connection") + " at "
                            + reading.readAt().truncatedTo(ChronoUnit.SECONDS));
        }
        KeepAlive.of(of.accepted()).ifPresent(keepAlive -> text.line(0, keepAlive.note()));
        options(text, of.accepted());
    }

    private static String limit(ConnectionLimit limit) {
        return limit.cause() == ConnectionLimit.Cause.ASKED
                ? "at most " + limit.inForce()
                : "at most " + limit.inForce() + " of the " + limit.asked() + " asked for, limited by " + limit.cause();
    }

    private void fault(ListenerFault fault) {
        if (fault.isAsked()) {
            text.line(
                    0,
                    "fault on purpose: it " + fault.sentence() + " ("
                            + String.join(", ", fault.words()) + "; seed " + fault.seed() + "); "
                            + fault.filledBy()
                                    .map(what -> "the queue is filled by " + what)
                                    .orElse("happened to " + fault.faulty() + " connections"));
        }
    }

    private static String queue(Snapshot.Queue queue) {
        return "accept queue " + known(queue.current()) + ", longest of a sample every " + AcceptQueue.SAMPLE_MILLIS
                + " ms " + known(queue.peak()) + ", at most " + known(queue.max())
                + (queue.maxComputed() ? " (computed)" : "");
    }

    /** Shortfalls first, with their notes. */
    static void options(Text text, Collection<OptionReading> readings) {
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
            String value = Objects.requireNonNullElse(snapshot.sysctls().text(sysctl), "cannot be read");
            text.line(
                    2,
                    String.format(
                            LIMIT,
                            sysctl.key(),
                            value,
                            sysctl.scope(),
                            String.join(", ", SocketOption.governedBy(sysctl))));
        }
        text.line(0, "");
        text.line(
                0,
                "this network namespace since its start: "
                        + snapshot.network().entrySet().stream()
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
