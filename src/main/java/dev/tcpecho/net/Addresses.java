package dev.tcpecho.net;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From the names of a configuration to the addresses to bind, and how they are shown. */
public final class Addresses {
    private static final byte[] ANY_IPV4 = new byte[4];
    private static final byte[] ANY_IPV6 = new byte[16];

    private Addresses() {}

    /**
     * All addresses of all hosts, each once. No host, an empty one or {@code *} stands for all interfaces: one
     * dual-stack socket where there is IPv6.
     */
    public static Set<InetAddress> resolve(Optional<List<String>> hosts) throws UnknownHostException {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (String host : hosts.orElse(List.of("*"))) {
            if (host.isBlank() || host.strip().equals("*")) {
                addresses.add(InetAddress.getByAddress(hasIpv6() ? ANY_IPV6 : ANY_IPV4));
            } else {
                addresses.addAll(List.of(InetAddress.getAllByName(unbracketed(host.strip()))));
            }
        }
        return addresses;
    }

    /** Whether the two cannot be bound to one port side by side. */
    public static boolean overlap(InetAddress one, InetAddress other) {
        if (one.equals(other)) {
            return true;
        }
        boolean sameFamily = one.getClass() == other.getClass();
        return one.isAnyLocalAddress() && (sameFamily || one instanceof Inet6Address)
                || other.isAnyLocalAddress() && (sameFamily || other instanceof Inet6Address);
    }

    /** Such as {@code 127.0.0.1} or {@code ::1}, in RFC 5952's canonical form. */
    public static String text(InetAddress address) {
        return NetUtil.toAddressString(address);
    }

    /** Such as {@code (127.0.0.1, 8888)}. */
    public static String text(InetSocketAddress address) {
        return "(" + text(address.getAddress()) + ", " + address.getPort() + ")";
    }

    public static boolean isIpv4Any(InetAddress address) {
        return address instanceof Inet4Address && address.isAnyLocalAddress();
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static boolean hasIpv6() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(Inet6Address.class::isInstance);
        } catch (SocketException e) {
            return false;
        }
    }
}
