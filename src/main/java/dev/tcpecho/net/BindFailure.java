package dev.tcpecho.net;

import dev.tcpecho.kernel.PortTable;
import io.netty.channel.unix.Errors.NativeIoException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says why bind() or listen() failed. Netty's native transports tell the errno; the JDK tells only words, in the
 * system's language, so for those the machine is looked at.
 */
public final class BindFailure {
    /** What it was, whatever the transport. */
    public enum Kind {
        IN_USE,
        NO_PERMISSION,
        NO_SUCH_ADDRESS,
        NO_SUCH_FAMILY,
        NO_SCOPE,
        OTHER
    }

    /** What was asked for the socket that could not be bound: SO_REUSEADDR and SO_REUSEPORT. */
    public record Sharing(boolean reuseAddress, boolean reusePort) {}

    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");
    /** EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT; the other systems with a native transport are BSDs. */
    private static final Map<Integer, Kind> BY_ERRNO = LINUX
            ? Map.of(13, Kind.NO_PERMISSION, 98, Kind.IN_USE, 99, Kind.NO_SUCH_ADDRESS, 97, Kind.NO_SUCH_FAMILY)
            : Map.of(13, Kind.NO_PERMISSION, 48, Kind.IN_USE, 49, Kind.NO_SUCH_ADDRESS, 47, Kind.NO_SUCH_FAMILY);

    private BindFailure() {}

    public static Kind kind(InetSocketAddress address, Throwable cause) {
        if (cause instanceof NativeIoException e) {
            Kind known = BY_ERRNO.getOrDefault(-e.expectedErr(), Kind.OTHER);
            return known == Kind.OTHER && lacksScope(address.getAddress()) ? Kind.NO_SCOPE : known;
        }
        if (cause.getCause() != null && cause.getCause() != cause) {
            return kind(address, cause.getCause()); // a socket that could not be made
        }
        if (cause instanceof UnsupportedOperationException) {
            return Kind.NO_SUCH_FAMILY; // NIO without IPv6
        }
        if (lacksScope(address.getAddress())) {
            return Kind.NO_SCOPE;
        }
        return cause instanceof BindException ? found(address) : Kind.OTHER;
    }

    /** Why, and what to do about it. */
    public static String explain(InetSocketAddress address, Sharing sharing, Throwable cause) {
        return switch (kind(address, cause)) {
            case IN_USE -> inUse(address, sharing);
            case NO_PERMISSION ->
                "permission denied; ports below " + PortTable.firstUnprivileged()
                        + " need CAP_NET_BIND_SERVICE or a lower net.ipv4.ip_unprivileged_port_start";
            case NO_SUCH_ADDRESS -> "this machine does not have that address";
            case NO_SUCH_FAMILY ->
                "there is no " + (Addresses.isIpv6(address.getAddress()) ? "IPv6" : "IPv4")
                        + " on this machine or in this JVM";
            case NO_SCOPE -> "a link-local address needs its interface, such as fe80::1%eth0";
            case OTHER -> cause.getClass().getSimpleName() + ": " + cause.getMessage();
        };
    }

    private static Kind found(InetSocketAddress address) {
        if (!isOfThisMachine(address.getAddress())) {
            return Kind.NO_SUCH_ADDRESS;
        }
        boolean used =
                PortTable.using(address.getPort()).map(rows -> !rows.isEmpty()).orElse(false);
        return !used && address.getPort() != 0 && address.getPort() < PortTable.firstUnprivileged()
                ? Kind.NO_PERMISSION
                : Kind.IN_USE;
    }

    private static String inUse(InetSocketAddress address, Sharing sharing) {
        if (address.getPort() == 0) {
            return "every port that the system hands out is in use (net.ipv4.ip_local_port_range)";
        }
        Optional<List<PortTable.Row>> table = PortTable.using(address.getPort());
        if (table.isEmpty()) {
            return "the port is in use by another socket, be it one that listens or an open connection"
                    + " (find it with: ss -tanp)";
        }
        Set<Long> own = PortTable.inodesOfThisProcess();
        List<PortTable.Row> met = table.get().stream()
                .filter(row -> Addresses.overlap(row.local().getAddress(), address.getAddress()))
                .toList();
        Optional<PortTable.Row> listener =
                met.stream().filter(PortTable.Row::isListening).findFirst();
        if (listener.isPresent()) {
            String where = Addresses.text(listener.get().local());
            return own.contains(listener.get().inode())
                    ? "the port is in use by another socket of this process, on " + where
                    : "the port is in use by another process, which listens on " + where + " (find it with: ss -ltnp)"
                            + (sharing.reusePort()
                                    ? "; to share it, both must set SO_REUSEPORT and belong to one user"
                                    : "");
        }
        if (met.stream().anyMatch(row -> !row.isTimeWait())) {
            return "the port is in use by an open connection, not by a listener (find it with: ss -tanp)";
        }
        return met.isEmpty()
                ? "the port is in use by a socket that is bound but does not listen, or by one that has just gone"
                        + " (see ss -tanp, and try again)"
                : "the port is in use by connections that ended within the last minute (TIME_WAIT); "
                        + (sharing.reuseAddress()
                                ? "wait: whoever had them did not set SO_REUSEADDR"
                                : "wait, or set reuse-address to true");
    }

    private static boolean lacksScope(InetAddress address) {
        return address.isLinkLocalAddress() && address instanceof Inet6Address scoped && scoped.getScopeId() == 0;
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress() && !Addresses.isIpv6(address)
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true; // not known: the commoner reason is said
        }
    }
}
