package dev.tcpecho.socket;

import java.util.OptionalLong;

/**
 * What Linux makes of a request for a socket option. Each rule is called only when a value was asked for, the kernel took
 * it, and the effective value could be read; {@link #judge} deals with the rest.
 */
final class Rules {
    /** The kernel's SOCK_MIN_RCVBUF and SOCK_MIN_SNDBUF on 64-bit Linux, as getsockopt answers them. */
    private static final long RCVBUF_FLOOR = 2304;

    private static final long SNDBUF_FLOOR = 4608;

    private Rules() {}

    interface Rule {
        Verdict judge(Case facts);
    }

    /**
     * What is known of one option on one socket.
     *
     * @param halved whether buffer sizes were read through the JDK, which halves them
     */
    record Case(
            SocketOption option,
            Role role,
            SocketSettings settings,
            Object requested,
            Object effective,
            String refusal,
            boolean writable,
            boolean halved) {
        long asked() {
            return (Long) requested;
        }

        long got() {
            return (Long) effective;
        }
    }

    static Verdict judge(Case facts) {
        if (facts.requested() != null && !facts.writable()) {
            return Verdict.of(
                    Status.IGNORED,
                    Reason.TRANSPORT,
                    "this transport cannot set " + facts.option().kernelName() + "; the native transport can");
        }
        if (facts.refusal() != null) {
            return Verdict.of(Status.IGNORED, Reason.REFUSED, "the kernel refused it: " + facts.refusal());
        }
        if (facts.effective() == null) {
            return Verdict.of(Status.UNREADABLE, Reason.TRANSPORT, "cannot be read on this transport or kernel");
        }
        return facts.requested() == null ? untouched(facts) : facts.option().judge(facts);
    }

    private static Verdict untouched(Case facts) {
        return switch (facts.option()) {
            case SO_RCVBUF ->
                Verdict.of(
                        Status.DEFAULT,
                        Reason.AUTOTUNED,
                        Sysctl.TCP_RMEM,
                        "starts at the middle value of net.ipv4.tcp_rmem and grows with the traffic up to its last");
            case SO_SNDBUF ->
                Verdict.of(
                        Status.DEFAULT,
                        Reason.AUTOTUNED,
                        Sysctl.TCP_WMEM,
                        "starts at the middle value of net.ipv4.tcp_wmem and grows with the traffic up to its last");
            default -> Verdict.of(Status.DEFAULT, null, null);
        };
    }

    static Verdict exact(Case facts) {
        if (facts.effective().equals(facts.requested())) {
            return Verdict.honoured();
        }
        boolean less = !(facts.effective() instanceof Long) || facts.got() < facts.asked();
        return Verdict.of(
                less ? Status.REDUCED : Status.RAISED,
                Reason.KERNEL,
                "asked for " + facts.requested() + "; the kernel keeps " + facts.effective());
    }

    static Verdict receiveBuffer(Case facts) {
        return buffer(facts, Sysctl.RMEM_MAX, RCVBUF_FLOOR);
    }

    static Verdict sendBuffer(Case facts) {
        return buffer(facts, Sysctl.WMEM_MAX, SNDBUF_FLOOR);
    }

    private static Verdict buffer(Case facts, Sysctl max, long floor) {
        long doubled = facts.halved() ? 2 * facts.got() : facts.got();
        long asked = facts.asked();
        String halving = facts.halved() ? " (the JDK shows half of the kernel's " + doubled + ")" : "";
        if (doubled == 2 * asked) {
            return facts.halved()
                    ? Verdict.of(Status.HONOURED, Reason.HALVED, "the kernel's own figure is " + doubled)
                    : Verdict.of(
                            Status.HONOURED,
                            Reason.DOUBLED,
                            "asked for " + asked + "; doubled by the kernel for its own bookkeeping");
        }
        if (doubled < 2 * asked) {
            return Verdict.of(
                    Status.REDUCED,
                    Reason.CLAMPED,
                    max,
                    "asked for " + asked + "; capped at " + doubled / 2
                            + ", then doubled by the kernel for its own bookkeeping" + halving);
        }
        return Verdict.of(
                Status.RAISED,
                Reason.FLOOR,
                "asked for " + asked + "; the kernel gives no less than " + Math.max(doubled, floor) + halving);
    }

    static Verdict backlog(Case facts) {
        if (facts.got() == facts.asked()) {
            return Verdict.honoured();
        }
        return Verdict.of(
                Status.REDUCED,
                Reason.CLAMPED,
                Sysctl.SOMAXCONN,
                "asked for " + facts.asked() + "; listen() takes at most net.core.somaxconn, silently");
    }

    static Verdict keepAliveTimer(Case facts) {
        return facts.settings().tcpKeepAlive()
                ? exact(facts)
                : Verdict.of(
                        Status.INERT,
                        Reason.NEEDS_KEEPALIVE,
                        "kept by the kernel, yet no probe is sent while SO_KEEPALIVE is off: set tcp-keep-alive=true");
    }

    static Verdict linger(Case facts) {
        return facts.got() == facts.asked() && facts.asked() == 0
                ? Verdict.of(Status.HONOURED, null, "close() resets the connection and drops what is not yet sent")
                : exact(facts);
    }

    static Verdict quickAck(Case facts) {
        return facts.got() == facts.asked()
                ? Verdict.of(Status.HONOURED, Reason.NOT_STICKY, "the kernel may turn it off again by itself")
                : Verdict.of(
                        Status.INERT,
                        Reason.NOT_STICKY,
                        "not kept: the kernel decides anew for each connection and as the traffic goes");
    }

    static Verdict fastOpen(Case facts) {
        OptionalLong enabled = Sysctl.TCP_FASTOPEN.number();
        if (facts.asked() > 0 && enabled.isPresent() && (enabled.getAsLong() & 2) == 0) {
            return Verdict.of(
                    Status.INERT,
                    Reason.SYSCTL_OFF,
                    Sysctl.TCP_FASTOPEN,
                    "the queue is set, yet servers do fast open only with bit 2 of net.ipv4.tcp_fastopen");
        }
        if (facts.got() < facts.asked()) {
            return Verdict.of(
                    Status.REDUCED,
                    Reason.CLAMPED,
                    Sysctl.SOMAXCONN,
                    "asked for " + facts.asked() + "; the queue is no longer than net.core.somaxconn");
        }
        return exact(facts);
    }

    /** inet_csk_reqsk_queue: the time is kept as a number of SYN-ACK retransmits, each twice as long as the one before. */
    static Verdict deferAccept(Case facts) {
        if (facts.got() == facts.asked()) {
            return Verdict.honoured();
        }
        return Verdict.of(
                facts.got() < facts.asked() ? Status.REDUCED : Status.RAISED,
                Reason.ROUNDED,
                "asked for " + facts.asked()
                        + " s; kept as SYN-ACK retransmits, which end after 1, 3, 7, 15, 31, 63 … s");
    }

    static Verdict trafficClass(Case facts) {
        return facts.got() == (facts.asked() & ~3L) && facts.got() != facts.asked()
                ? Verdict.of(
                        Status.REDUCED,
                        Reason.ECN_MASKED,
                        "the two lowest bits are TCP's own (ECN); the upper six, the DSCP, are as asked")
                : exact(facts);
    }

    static Verdict maxSegment(Case facts) {
        return facts.role() == Role.ACCEPTED && facts.got() < facts.asked()
                ? Verdict.of(
                        Status.REDUCED,
                        Reason.NEGOTIATED,
                        "asked for at most " + facts.asked() + "; peer, path and TCP options leave " + facts.got())
                : exact(facts);
    }

    static Verdict windowClamp(Case facts) {
        return facts.got() > facts.asked()
                ? Verdict.of(
                        Status.RAISED,
                        Reason.FLOOR,
                        "asked for " + facts.asked() + "; the kernel gives no less than " + facts.got())
                : exact(facts);
    }

    static Verdict linger2(Case facts) {
        return facts.got() < facts.asked()
                ? Verdict.of(
                        Status.REDUCED,
                        Reason.CLAMPED,
                        "asked for " + facts.asked() + " s; the kernel's upper bound is " + facts.got() + " s")
                : exact(facts);
    }
}
