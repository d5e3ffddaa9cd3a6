package dev.tcpecho.socket;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The listening sockets of this network namespace, as /proc/net/tcp and tcp6 show them. */
final class PortTable {
    private static final String LISTEN = "0A";

    private PortTable() {}

    /** How many sockets listen on the same port of the same address; empty where that cannot be read. */
    static OptionalInt listeningOn(InetSocketAddress address) {
        String file = address.getAddress() instanceof Inet4Address ? "tcp" : "tcp6";
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/net", file))) {
            return OptionalInt.of((int) lines.skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields[3].equals(LISTEN))
                    .filter(fields -> address.equals(local(fields[1])))
                    .count());
        } catch (IOException e) {
            return OptionalInt.empty();
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
