package dev.tcpecho.net;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address that connections are looked for by, of the peer itself or of the client that a trusted proxy named.
 *
 * @param port 0 for any
 */
public record PeerAddress(InetAddress address, int port) {
    private static final Pattern BRACKETED = Pattern.compile("\\[([0-9a-fA-F:.]+)(?:%[\\w.-]+)?](?::(\\d{1,5}))?");
    private static final Pattern IPV4 = Pattern.compile("([0-9.]+)(?::(\\d{1,5}))?");
    private static final Pattern IPV6 = Pattern.compile("([0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)");

    /** Never asks a resolver: a name is empty, as is what is no address or no port. */
    public static Optional<PeerAddress> parse(String text) {
        Matcher ipv6 = IPV6.matcher(text);
        if (ipv6.matches()) {
            return of(ipv6.group(1), null);
        }
        for (Pattern form : new Pattern[] {IPV4, BRACKETED}) {
            Matcher parts = form.matcher(text);
            if (parts.matches()) {
                return of(parts.group(1), parts.group(2));
            }
        }
        return Optional.empty();
    }

    private static Optional<PeerAddress> of(String address, String port) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        int number = port == null ? 0 : Integer.parseInt(port);
        if (bytes == null || port != null && number < 1 || number > 0xffff) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PeerAddress(InetAddress.getByAddress(bytes), number));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }

    public boolean hasPort() {
        return port != 0;
    }

    public boolean matches(Peer peer) {
        return matches(peer.socket()) || peer.source().filter(this::matches).isPresent();
    }

    private boolean matches(InetSocketAddress other) {
        return other != null
                && (port == 0 || port == other.getPort())
                && Arrays.equals(address.getAddress(), other.getAddress().getAddress());
    }
}
