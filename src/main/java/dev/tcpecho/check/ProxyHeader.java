package dev.tcpecho.check;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The header that a proxy puts before the bytes of a connection to say whose they are, as
 * https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt has it; here it tells the truth about our own connection.
 */
enum ProxyHeader {
    V1 {
        @Override
        byte[] of(InetSocketAddress source, InetSocketAddress destination) {
            String family = source.getAddress() instanceof Inet4Address ? "TCP4" : "TCP6";
            String line = "PROXY " + family + " " + address(source) + " " + address(destination) + " "
                    + source.getPort() + " " + destination.getPort() + "\r\n";
            return line.getBytes(StandardCharsets.US_ASCII);
        }
    },
    V2 {
        @Override
        byte[] of(InetSocketAddress source, InetSocketAddress destination) {
            byte[] from = source.getAddress().getAddress();
            byte[] to = destination.getAddress().getAddress();
            int length = from.length + to.length + 2 * Short.BYTES;
            return ByteBuffer.allocate(SIGNATURE.length + 2 * Short.BYTES + length)
                    .put(SIGNATURE)
                    .put((byte) 0x21) // version 2, PROXY
                    .put((byte) (from.length == 4 ? 0x11 : 0x21)) // TCP over IPv4, over IPv6
                    .putShort((short) length)
                    .put(from)
                    .put(to)
                    .putShort((short) source.getPort())
                    .putShort((short) destination.getPort())
                    .array();
        }
    };

    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};

    /** Both addresses are of one family, as those of one connection are. */
    abstract byte[] of(InetSocketAddress source, InetSocketAddress destination);

    static ProxyHeader parse(String text) throws UsageError {
        return switch (text) {
            case "v1" -> V1;
            case "v2" -> V2;
            default -> throw new UsageError(" takes v1 or v2, not " + text);
        };
    }

    private static String address(InetSocketAddress of) {
        return of.getAddress().getHostAddress().replaceFirst("%.*", "");
    }
}
