package dev.tcpecho.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The listening sockets of this network namespace, as /proc/net/tcp and tcp6 show them. */
public final class PortTable {
    private static final String LISTEN = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    /** tx_queue:rx_queue, of which the latter is the accept queue of a socket that listens. */
    private static final int QUEUES = 4;

    private PortTable() {}

    /** How many sockets listen on the same port of the same address; empty where that cannot be read. */
    public static OptionalInt listeningOn(InetSocketAddress address) {
        List<Long> queues = acceptQueues(address);
        return queues == null ? OptionalInt.empty() : OptionalInt.of(queues.size());
    }

    /** Connections that wait for accept(); empty where that cannot be read or several sockets share the address. */
    public static OptionalLong acceptQueue(InetSocketAddress address) {
        List<Long> queues = acceptQueues(address);
        return queues != null && queues.size() == 1 ? OptionalLong.of(queues.get(0)) : OptionalLong.empty();
    }

    /** The accept queue of each socket; null where that cannot be read. The kernel prints listening sockets first. */
    private static List<Long> acceptQueues(InetSocketAddress address) {
        String file = address.getAddress() instanceof Inet4Address ? "tcp" : "tcp6";
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/net", file))) {
            return lines.skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .takeWhile(fields -> fields[STATE].equals(LISTEN))
                    .filter(fields -> address.equals(local(fields[LOCAL])))
                    .map(fields -> Long.parseLong(fields[QUEUES].substring(fields[QUEUES].indexOf(':') + 1), 16))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return null;
        }
    }

    /** The address is printed as 32-bit words in the byte order of the machine, the port as a plain number. */
    private static InetSocketAddress local(String field) {
        int colon = field.indexOf(':');
        byte[] printed = HexFormat.of().parseHex(field.substring(0, colon));
        ByteBuffer words = ByteBuffer.wrap(printed);
        ByteBuffer address = ByteBuffer.allocate(printed.length).order(ByteOrder.nativeOrder());
        while (words.hasRemaining()) {
            address.putInt(words.getInt());
        }
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(address.array()), Integer.parseInt(field.substring(colon + 1), 16));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a kernel address of " + printed.length + " bytes", e);
        }
    }
}
