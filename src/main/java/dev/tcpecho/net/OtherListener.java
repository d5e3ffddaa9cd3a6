package dev.tcpecho.net;

import dev.tcpecho.kernel.PortTable;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A listening socket of somebody else on the port of one of ours, and what it takes. The kernel gives a connection to
 * the socket with the most specific address, an IPv4 socket before a dual-stack one, and spreads over equals
 * (inet_hashtables.c, compute_score).
 */
public record OtherListener(InetSocketAddress address, Takes takes) {
    /** Which of our socket's connections it gets. */
    public enum Takes {
        SOME("some of its connections"),
        ALL_OF_ITS_ADDRESS("every connection to that address"),
        ALL_IPV4("every IPv4 connection"),
        WHAT_WE_LEAVE("nothing while our socket listens, and everything once it does not"),
        /** The kernel's table does not say whether an IPv6 socket takes IPv4 as well. */
        WHAT_WE_LEAVE_IF_DUAL(
                "nothing while our socket listens, and everything once it does not, unless it takes IPv6 alone");

        private final String text;

        Takes(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Those that share connections with a socket of ours; empty where the kernel's table cannot be read. */
    static Optional<List<OtherListener>> of(InetSocketAddress ours, boolean v6Only) {
        return PortTable.listening(ours.getPort()).map(rows -> rows.stream()
                .filter(row -> !OwnSockets.contains(row))
                .flatMap(row -> takes(ours.getAddress(), v6Only, row.local().getAddress())
                        .map(takes -> new OtherListener(row.local(), takes))
                        .stream())
                .sorted(Comparator.comparing(OtherListener::takes))
                .toList());
    }

    static Optional<Takes> takes(InetAddress ours, boolean v6Only, InetAddress other) {
        if (ours.equals(other)) {
            return Optional.of(Takes.SOME);
        }
        boolean bothIpv4 = ours instanceof Inet4Address && other instanceof Inet4Address;
        boolean oursMeetsIt = bothIpv4
                || !(ours instanceof Inet4Address) && (!(other instanceof Inet4Address) || !v6Only)
                || ours instanceof Inet4Address && other.isAnyLocalAddress();
        if (!oursMeetsIt) {
            return Optional.empty();
        }
        if (ours.isAnyLocalAddress() && !other.isAnyLocalAddress()) {
            return Optional.of(Takes.ALL_OF_ITS_ADDRESS);
        }
        if (ours.isAnyLocalAddress()) { // the two differ, so one is 0.0.0.0 and the other ::
            return Optional.of(ours instanceof Inet4Address ? Takes.WHAT_WE_LEAVE_IF_DUAL : Takes.ALL_IPV4);
        }
        if (!other.isAnyLocalAddress() || !bothIpv4 && other instanceof Inet4Address) {
            return Optional.empty();
        }
        return Optional.of(ours.getClass() == other.getClass() ? Takes.WHAT_WE_LEAVE : Takes.WHAT_WE_LEAVE_IF_DUAL);
    }
}
