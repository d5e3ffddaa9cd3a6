package dev.tcpecho.option;

import dev.tcpecho.kernel.Sysctl;

/** Where a value comes from that nobody asked for. */
final class Unasked {
    private Unasked() {}

    static Verdict plain(Facts facts) {
        return Verdict.of(Status.DEFAULT, null, null);
    }

    /** A sysctl that a socket takes over, unless it differs by now: some are copied when the socket is made. */
    static Rules.Rule sysctl(Sysctl source) {
        return facts -> {
            String text = facts.sysctls().text(source);
            return text == null || text.equals(String.valueOf(facts.effective()))
                    ? Verdict.of(
                            Status.DEFAULT, Reason.SYSCTL_DEFAULT, source, "nothing asked: that of " + source.key())
                    : plain(facts);
        };
    }

    static Verdict linger(Facts facts) {
        return facts.got() < 0
                ? Verdict.of(
                        Status.DEFAULT, null, "-1 = off: close() returns at once and the kernel sends what is left")
                : plain(facts);
    }

    static Verdict quickAck(Facts facts) {
        return Verdict.of(Status.DEFAULT, Reason.NOT_STICKY, "the kernel switches it as the traffic goes");
    }

    /** inet6_bind: a socket that is bound to one IPv6 address takes no IPv4. */
    static Verdict v6Only(Facts facts) {
        if (facts.got() == 1) {
            return Verdict.of(
                    Status.DEFAULT,
                    Reason.KERNEL,
                    "this socket takes no IPv4 connections: it is bound to one IPv6 address, or a socket of the same"
                            + " listener takes them");
        }
        return Verdict.of(
                Status.DEFAULT,
                Reason.TRANSPORT,
                "the transport turns it off on every IPv6 socket, whatever " + Sysctl.BINDV6ONLY.key() + " says");
    }

    /** Reflected even where nobody asked for a class. */
    static Verdict trafficClass(Facts facts) {
        return facts.role() == Role.ACCEPTED && facts.number(Sysctl.TCP_REFLECT_TOS) != 0
                ? Verdict.of(
                        Status.DEFAULT,
                        Reason.NEGOTIATED,
                        Sysctl.TCP_REFLECT_TOS,
                        "the kernel answers each client with the class of its own SYN")
                : plain(facts);
    }

    /** __inet_listen_sk(): flags 2 and 0x400 together give every listener a queue as long as its backlog. */
    static Verdict fastOpen(Facts facts) {
        if (facts.got() == 0) {
            return plain(facts);
        }
        boolean cookies = (facts.number(Sysctl.TCP_FASTOPEN) & 0x200) == 0;
        return Verdict.of(
                Status.DEFAULT,
                Reason.SYSCTL_DEFAULT,
                Sysctl.TCP_FASTOPEN,
                "nothing asked: flag 0x400 of " + facts.clampedBy(Sysctl.TCP_FASTOPEN)
                        + ", gives every listener fast open, with a queue as long as its backlog"
                        + (cookies ? "" : "; flag 0x200 takes data in a SYN without a cookie"));
    }

    static Verdict maxSegment(Facts facts) {
        return facts.role() == Role.LISTENER
                ? Verdict.of(Status.DEFAULT, null, "the protocol's default until a connection agrees on another")
                : Verdict.of(Status.DEFAULT, Reason.NEGOTIATED, "agreed between both ends and the path");
    }

    static Verdict notSentLowWater(Facts facts) {
        return facts.got() == 0
                ? Verdict.of(
                        Status.DEFAULT,
                        Reason.SYSCTL_DEFAULT,
                        Sysctl.TCP_NOTSENT_LOWAT,
                        "0 = that of " + facts.sysctls().named(Sysctl.TCP_NOTSENT_LOWAT))
                : plain(facts);
    }

    static Verdict priority(Facts facts) {
        return facts.got() != 0
                ? Verdict.of(Status.DEFAULT, Reason.KERNEL, "the kernel derives it from IP_TOS")
                : plain(facts);
    }

    /** inet_request_mark(): the listener has none, hence the SYN's where the sysctl is on. */
    static Verdict mark(Facts facts) {
        return facts.role() == Role.ACCEPTED && facts.number(Sysctl.TCP_FWMARK_ACCEPT) != 0
                ? Verdict.of(
                        Status.DEFAULT,
                        Reason.OVERRULED,
                        Sysctl.TCP_FWMARK_ACCEPT,
                        "each connection takes the mark that its SYN had here")
                : plain(facts);
    }

    static Verdict incomingCpu(Facts facts) {
        return facts.role() == Role.LISTENER
                ? Verdict.of(Status.DEFAULT, null, facts.got() < 0 ? "-1 = any" : null)
                : Verdict.of(Status.DEFAULT, null, "the CPU that last handled this connection's packets");
    }

    static Verdict urgentData(Facts facts) {
        return facts.got() != 0
                ? Verdict.of(
                        Status.DEFAULT,
                        null,
                        "turned on by the service: urgent data is echoed as any other, in its place")
                : Verdict.of(Status.DEFAULT, null, "off: the kernel keeps urgent data apart, and it is not echoed");
    }

    static Verdict nonBlocking(Facts facts) {
        return facts.has(Means.COMPUTED)
                ? Verdict.of(
                        Status.DEFAULT,
                        Reason.COMPUTED,
                        "concluded, not read: a socket that an event loop polls cannot block")
                : Verdict.of(Status.DEFAULT, Reason.TRANSPORT, "event loops need sockets that never block");
    }
}
