package dev.tcpecho.net;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** From the names of a configuration to the addresses to bind, and how they are shown. */
public final class Addresses {
    /** The host that stands for all interfaces. */
    public static final String ALL = "*";

    private static final byte[] ANY_IPV4 = new byte[4];
    private static final byte[] ANY_IPV6 = new byte[16];

    /** No IPv6 prefix that is in use begins so, and an IPv4 address is told from all of them. */
    private static final long IPV4 = 0xffffL << 32;

    private Addresses() {}

    /**
     * All addresses of a host. {@code *} stands for all interfaces: one dual-stack socket where there is IPv6. Where
     * there is none, {@code ::} stands for 0.0.0.0, and the other IPv6 addresses are optional.
     *
     * @throws UnknownHostException also for an empty host, which no mistake may turn into all interfaces
     */
    public static List<HostAddress> resolve(String host) throws UnknownHostException {
        boolean ipv6 = hasIpv6();
        if (host.equals(ALL)) {
            return List.of(HostAddress.of(ALL, InetAddress.getByAddress(ipv6 ? ANY_IPV6 : ANY_IPV4), false));
        }
        if (host.isEmpty()) {
            throw new UnknownHostException("an empty name"); // the JDK takes it for the loopback address
        }
        InetAddress[] all = InetAddress.getAllByName(unbracketed(host));
        List<HostAddress> addresses = new ArrayList<>();
        for (InetAddress each : all) {
            boolean instead = isIpv6(each) && each.isAnyLocalAddress() && !ipv6;
            add(
                    addresses,
                    HostAddress.of(
                            host,
                            instead ? InetAddress.getByAddress(ANY_IPV4) : each,
                            isIpv6(each) && (!ipv6 || all.length > 1)));
        }
        return addresses;
    }

    /** Each address once. */
    public static void add(List<HostAddress> addresses, HostAddress another) {
        if (addresses.stream().noneMatch(another::isSame)) {
            addresses.add(another);
        }
    }

    /** Whether one of the two covers the other, on an IPv6 socket that takes IPv4 as well. */
    public static boolean overlap(InetAddress one, InetAddress other) {
        if (one.equals(other)) {
            return true;
        }
        boolean sameFamily = one.getClass() == other.getClass();
        return one.isAnyLocalAddress() && (sameFamily || isIpv6(one))
                || other.isAnyLocalAddress() && (sameFamily || isIpv6(other));
    }

    /** Such as {@code 127.0.0.1}, {@code ::1} or {@code fe80::1%eth0}, in RFC 5952's and RFC 4007's canonical form. */
    public static String text(InetAddress address) {
        String text = NetUtil.toAddressString(address);
        if (address instanceof Inet6Address ipv6 && !text.contains("%")) {
            NetworkInterface scope = ipv6.getScopedInterface();
            if (scope != null) {
                return text + "%" + scope.getName();
            }
            if (ipv6.getScopeId() > 0) {
                return text + "%" + interfaceName(ipv6.getScopeId());
            }
        }
        return text;
    }

    /** Such as {@code (127.0.0.1, 8888)}. */
    public static String text(InetSocketAddress address) {
        return "(" + text(address.getAddress()) + ", " + address.getPort() + ")";
    }

    /** Such as {@code 127.0.0.1:8888} or {@code [::1]:8888}. */
    public static String hostPort(InetSocketAddress address) {
        String host = text(address.getAddress());
        return (isIpv6(address.getAddress()) ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    public static boolean isIpv4Any(InetAddress address) {
        return address instanceof Inet4Address && address.isAnyLocalAddress();
    }

    public static boolean isIpv6(InetAddress address) {
        return address instanceof Inet6Address;
    }

    /** Whether an interface of this machine has an IPv6 address, and this JVM may use it. */
    public static boolean hasIpv6() {
        try {
            return !Boolean.getBoolean("java.net.preferIPv4Stack")
                    && NetworkInterface.networkInterfaces()
                            .flatMap(NetworkInterface::inetAddresses)
                            .anyMatch(Inet6Address.class::isInstance);
        } catch (SocketException e) {
            return false;
        }
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static String interfaceName(int index) {
        try {
            NetworkInterface found = NetworkInterface.getByIndex(index);
            return found == null ? String.valueOf(index) : found.getName();
        } catch (SocketException e) {
            return String.valueOf(index);
        }
    }

    /** The whole of an IPv4 address, the first half of an IPv6 address: whoever has one of a /64 has them all. */
    public static long network(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        if (bytes.remaining() == ANY_IPV4.length) {
            return IPV4 | Integer.toUnsignedLong(bytes.getInt());
        }
        long prefix = bytes.getLong();
        boolean mapped = prefix == 0 && bytes.getInt() == 0xffff; // ::ffff:a.b.c.d
        return mapped ? IPV4 | Integer.toUnsignedLong(bytes.getInt()) : prefix;
    }
}
