package dev.tcpecho.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** The TCP sockets of this network namespace, as /proc/net/tcp and tcp6 show them; sockets that only bind are not. */
public final class PortTable {
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    /** tx_queue:rx_queue, of which the latter is the accept queue of a socket that listens. */
    private static final int QUEUES = 4;

    private static final int INODE = 9;
    private static final Path OWN_DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path FIRST_UNPRIVILEGED = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    private static final int USUAL_FIRST_UNPRIVILEGED = 1024;
    private static final String SOCKET = "socket:[";

    /** Every listening socket, at a time of {@link System#nanoTime}. */
    private record Reading(long begun, List<Row> rows) {}

    private static Reading lastReading;

    private PortTable() {}

    /**
     * One socket.
     *
     * @param state the kernel's number (net/tcp_states.h)
     * @param queue bytes received and not read; of a listening socket the connections that wait for accept()
     * @param inode 0 when it belongs to no process any more
     */
    public record Row(InetSocketAddress local, int state, long queue, long inode) {
        private static final int TIME_WAIT = 6;
        private static final int LISTEN = 10;

        public boolean isListening() {
            return state == LISTEN;
        }

        public boolean isTimeWait() {
            return state == TIME_WAIT;
        }
    }

    /** The sockets that listen on a port, of both families; empty where that cannot be read. */
    public static Optional<List<Row>> listening(int port) {
        return rows(each -> each == port, true);
    }

    /** Every socket whose own port this is; costs a look at each of the machine's. Empty where that cannot be read. */
    public static Optional<List<Row>> using(int port) {
        return rows(each -> each == port, false);
    }

    /** Connections that wait for accept(); empty where that cannot be read or several sockets share the address. */
    public static OptionalLong acceptQueue(InetSocketAddress address) {
        return queue(address, listening(address.getPort()).orElse(List.of()));
    }

    /**
     * As {@link #acceptQueue(InetSocketAddress)}, from a reading that all who ask so often share: the kernel walks all
     * its hash buckets for each, which takes milliseconds.
     *
     * @param age of the reading at most; a socket that it does not show is looked for anew
     */
    public static OptionalLong acceptQueue(InetSocketAddress address, Duration age) {
        OptionalLong shared = queue(address, listening(System.nanoTime() - age.toNanos()));
        return shared.isPresent() ? shared : acceptQueue(address);
    }

    /** Who waits here meanwhile has the reading of the one before. */
    private static synchronized List<Row> listening(long notBefore) {
        if (lastReading == null || lastReading.begun() - notBefore < 0) {
            long begun = System.nanoTime();
            lastReading = new Reading(begun, rows(port -> true, true).orElse(List.of()));
        }
        return lastReading.rows();
    }

    private static OptionalLong queue(InetSocketAddress address, List<Row> rows) {
        List<Row> there =
                rows.stream().filter(row -> row.local().equals(address)).toList();
        return there.size() == 1 ? OptionalLong.of(there.get(0).queue()) : OptionalLong.empty();
    }

    /** The lowest port that needs no capability (ip_unprivileged_port_start); 1024 where that cannot be read. */
    public static int firstUnprivileged() {
        try (BufferedReader reader = Files.newBufferedReader(FIRST_UNPRIVILEGED)) {
            return (int) Sysctl.number(reader.readLine()).orElse(USUAL_FIRST_UNPRIVILEGED);
        } catch (IOException e) {
            return USUAL_FIRST_UNPRIVILEGED;
        }
    }

    /** The inode of the socket behind a descriptor of this process. */
    public static OptionalLong inodeOf(int descriptor) {
        return inodeOf(OWN_DESCRIPTORS.resolve(String.valueOf(descriptor)));
    }

    /** The inodes of all sockets of this process; costs a look at each descriptor. */
    public static Set<Long> inodesOfThisProcess() {
        Set<Long> inodes = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(OWN_DESCRIPTORS)) {
            descriptors.forEach(each -> inodeOf(each).ifPresent(inodes::add));
        } catch (IOException e) {
            return Set.of(); // no /proc: nothing is known to be ours
        }
        return inodes;
    }

    private static OptionalLong inodeOf(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith(SOCKET)
                    ? OptionalLong.of(Long.parseLong(target.substring(SOCKET.length(), target.length() - 1)))
                    : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty(); // closed meanwhile
        }
    }

    private static Optional<List<Row>> rows(IntPredicate ports, boolean listening) {
        List<Row> rows = new ArrayList<>();
        for (String file : List.of("tcp", "tcp6")) {
            // The kernel prints listening sockets first.
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/net", file))) {
                lines.skip(1)
                        .map(line -> line.strip().split("\\s+"))
                        .takeWhile(fields -> !listening || state(fields) == Row.LISTEN)
                        .filter(fields -> ports.test(port(fields[LOCAL])))
                        .map(PortTable::row)
                        .forEach(rows::add);
            } catch (NoSuchFileException e) {
                if (file.equals("tcp")) {
                    return Optional.empty();
                } // no tcp6: a kernel without IPv6
            } catch (IOException | UncheckedIOException e) {
                return Optional.empty();
            }
        }
        return Optional.of(rows);
    }

    private static Row row(String[] fields) {
        String queues = fields[QUEUES];
        return new Row(
                local(fields[LOCAL]),
                state(fields),
                Long.parseLong(queues.substring(queues.indexOf(':') + 1), 16),
                Long.parseLong(fields[INODE]));
    }

    private static int state(String[] fields) {
        return Integer.parseInt(fields[STATE], 16);
    }

    private static int port(String local) {
        return Integer.parseInt(local.substring(local.indexOf(':') + 1), 16);
    }

    /** The address is printed as 32-bit words in the byte order of the machine, the port as a plain number. */
    private static InetSocketAddress local(String field) {
        byte[] printed = HexFormat.of().parseHex(field.substring(0, field.indexOf(':')));
        ByteBuffer words = ByteBuffer.wrap(printed);
        ByteBuffer address = ByteBuffer.allocate(printed.length).order(ByteOrder.nativeOrder());
        while (words.hasRemaining()) {
            address.putInt(words.getInt());
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.array()), port(field));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a kernel address of " + printed.length + " bytes", e);
        }
    }
}
