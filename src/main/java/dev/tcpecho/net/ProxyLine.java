package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line of version 1, by the letter of section 2.1 of the PROXY protocol: one space between its words, no zeroes in
 * front, ports from 0 on. What does not match exactly is no header; Netty's decoder lets more pass, and no port 0.
 */
final class ProxyLine {
    private static final Pattern UNKNOWN = Pattern.compile("PROXY UNKNOWN(?: [^\\r\\n]*)?\\r\\n");
    private static final String PORT = " (0|[1-9][0-9]{0,4})";
    private static final Pattern TCP4 = line('4', "(?:0|[1-9][0-9]{0,2})(?:\\.(?:0|[1-9][0-9]{0,2})){3}");
    private static final Pattern TCP6 = line('6', "[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final int LAST_PORT = 65535;

    private ProxyLine() {}

    private static Pattern line(char family, String address) {
        return Pattern.compile("PROXY TCP" + family + " (" + address + ") (" + address + ")" + PORT + PORT + "\\r\\n");
    }

    /**
     * Empty when it is malformed.
     *
     * @param bytes the line with its end
     */
    static Optional<ProxyHeader> read(ByteBuf bytes) {
        String line = bytes.toString(StandardCharsets.ISO_8859_1);
        if (UNKNOWN.matcher(line).matches()) {
            return Optional.of(header(Optional.empty(), Optional.empty()));
        }
        Matcher words = TCP4.matcher(line);
        if (!words.matches()) {
            words = TCP6.matcher(line);
        }
        if (!words.matches()) {
            return Optional.empty();
        }
        Optional<InetSocketAddress> source = address(words.group(1), words.group(3));
        Optional<InetSocketAddress> destination = address(words.group(2), words.group(4));
        return source.isPresent() && destination.isPresent()
                ? Optional.of(header(source, destination))
                : Optional.empty();
    }

    private static ProxyHeader header(Optional<InetSocketAddress> source, Optional<InetSocketAddress> destination) {
        return new ProxyHeader(1, false, source, destination, List.of());
    }

    private static Optional<InetSocketAddress> address(String text, String port) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        if (bytes == null || Integer.parseInt(port) > LAST_PORT) {
            return Optional.empty();
        }
        try {
            return Optional.of(new InetSocketAddress(InetAddress.getByAddress(bytes), Integer.parseInt(port)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }
}
