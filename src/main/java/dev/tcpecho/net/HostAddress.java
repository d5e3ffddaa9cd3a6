package dev.tcpecho.net;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * An address to bind, and the word that it came from. Two link-local addresses that differ by their interface alone are
 * two.
 *
 * @param host as configured, {@code *} for all interfaces
 * @param address with its scope, where it has one
 * @param scope the number of the interface of a link-local address, else 0
 * @param optional whether the service can do without: one of several addresses of a name, of a family that the machine
 *     may not have
 */
public record HostAddress(String host, InetAddress address, int scope, boolean optional) {
    static HostAddress of(String host, InetAddress address, boolean optional) {
        return new HostAddress(
                host, address, address instanceof Inet6Address scoped ? scoped.getScopeId() : 0, optional);
    }

    public boolean isAllInterfaces() {
        return host.equals(Addresses.ALL);
    }

    /** Whether it stands in for all addresses of both families, on a machine or in a JVM without IPv6. */
    public boolean isInsteadOfIpv6() {
        return Addresses.isIpv4Any(address) && (isAllInterfaces() || host.contains(":"));
    }

    /** Whether the two are one socket address. */
    boolean isSame(HostAddress other) {
        return address.equals(other.address) && scope == other.scope;
    }

    /** Whether the two cannot be bound to one port side by side without SO_REUSEPORT. */
    public boolean overlaps(HostAddress other) {
        return address.equals(other.address) ? scope == other.scope : Addresses.overlap(address, other.address);
    }
}
