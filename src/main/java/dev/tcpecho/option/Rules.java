package dev.tcpecho.option;

import dev.tcpecho.kernel.Sysctl;
import java.util.Optional;

/**
 * What Linux makes of a request for a socket option. Each rule is called only when a value was asked for, the kernel
 * took it, and the effective value could be read; {@link #judge} deals with the rest.
 */
final class Rules {
    private static final long TIMESTAMP_BYTES = 12;

    private Rules() {}

    interface Rule {
        Verdict judge(Facts facts);
    }

    static Verdict judge(Facts facts) {
        if (facts.requested() != null && !facts.has(Means.WRITABLE)) {
            return unwritable(facts);
        }
        if (facts.requested() != null && facts.refusal() != null) {
            return Verdict.of(
                    Status.IGNORED, Reason.REFUSED, "the kernel refused the value and said: " + facts.refusal());
        }
        if (facts.effective() == null) {
            return unreadable(facts);
        }
        if (facts.requested() == null) {
            return facts.option().judge(facts);
        }
        Verdict verdict = Overruling.of(facts).orElseGet(() -> facts.option().judge(facts));
        if (verdict.status() != Status.HONOURED) {
            return verdict;
        }
        Optional<Sysctl> unknown = Overruling.unknown(facts);
        if (unknown.isPresent()) {
            return Verdict.of(
                    Status.UNREADABLE,
                    Reason.SYSCTL_UNREADABLE,
                    unknown.get(),
                    "the kernel keeps the value; whether it has its effect depends on "
                            + unknown.get().key() + ", which cannot be read here");
        }
        boolean takenOver = facts.role() == Role.ACCEPTED && !facts.has(Means.ON_ACCEPTED);
        return takenOver && verdict.reason() == null
                ? Verdict.of(
                        Status.HONOURED,
                        Reason.INHERITED,
                        verdict.note() == null ? "set on the listener; connections take it over" : verdict.note())
                : verdict;
    }

    private static Verdict unreadable(Facts facts) {
        if (facts.has(Means.EVERY_OPTION)) {
            return Verdict.of(Status.UNREADABLE, Reason.KERNEL, "this kernel does not know the option");
        }
        return facts.option().written() == Written.BY_LISTEN
                ? Verdict.of(
                        Status.UNREADABLE,
                        Reason.SYSCTL_UNREADABLE,
                        Sysctl.SOMAXCONN,
                        "this transport has no means to read it, and it cannot be worked out: what "
                                + Sysctl.SOMAXCONN.key() + " was at listen() is not known")
                : Verdict.of(
                        Status.UNREADABLE,
                        Reason.TRANSPORT,
                        "this transport has no means to read it; the native transport (epoll) can");
    }

    private static Verdict unwritable(Facts facts) {
        if (facts.has(Means.MISNAMED)) {
            return Verdict.of(
                    Status.UNREADABLE,
                    Reason.TRANSPORT,
                    "on an IPv6 socket Java's option of this name is IPv6's own; what IPv4 clients get cannot be told");
        }
        return facts.has(Means.ON_ACCEPTED)
                ? Verdict.of(
                        Status.UNREADABLE,
                        Reason.TRANSPORT,
                        "this transport cannot set it on a listening socket; each accepted connection gets it instead")
                : Verdict.of(
                        Status.IGNORED,
                        Reason.TRANSPORT,
                        "this transport has no means to set it; the native transport (epoll) can");
    }

    static Verdict exact(Facts facts) {
        if (facts.effective().equals(facts.requested())) {
            return Verdict.honoured();
        }
        boolean less = facts.effective().asNumber().isEmpty() || facts.got() < facts.asked();
        return Verdict.of(
                less ? Status.REDUCED : Status.RAISED,
                Reason.KERNEL,
                "asked for " + facts.requested() + "; the kernel keeps " + facts.effective());
    }

    static Verdict linger(Facts facts) {
        return facts.got() == facts.asked() && facts.asked() == 0
                ? Verdict.of(Status.HONOURED, null, "every close is a reset, and what is not yet sent is lost")
                : exact(facts);
    }

    static Verdict quickAck(Facts facts) {
        return facts.got() == facts.asked()
                ? Verdict.of(
                        Status.HONOURED,
                        Reason.NOT_STICKY,
                        "set when the connection is accepted; the kernel may change it as the traffic goes")
                : Verdict.of(
                        Status.INERT,
                        Reason.NOT_STICKY,
                        "not kept: the kernel has already decided anew for this connection");
    }

    static Verdict trafficClass(Facts facts) {
        return facts.got() == (facts.asked() & ~3L) && facts.got() != facts.asked()
                ? Verdict.of(
                        Status.REDUCED,
                        Reason.ECN_MASKED,
                        "the two lowest bits are TCP's own (ECN); the upper six, the DSCP, are as asked")
                : exact(facts);
    }

    /** An upper bound: a smaller segment is no shortfall. __tcp_mtu_to_mss(): tcp_min_snd_mss is below it. */
    static Verdict maxSegment(Facts facts) {
        if (facts.role() == Role.ACCEPTED && facts.got() > facts.asked()) {
            return Verdict.of(
                    Status.RAISED,
                    Reason.FLOOR,
                    Sysctl.TCP_MIN_SND_MSS,
                    "asked for " + facts.asked() + "; segments are no smaller than "
                            + facts.sysctls().named(Sysctl.TCP_MIN_SND_MSS) + " with their options");
        }
        if (facts.role() == Role.LISTENER || facts.got() == facts.asked()) {
            return exact(facts);
        }
        return Verdict.of(
                Status.HONOURED,
                Reason.NEGOTIATED,
                facts.got() == facts.asked() - TIMESTAMP_BYTES
                        ? "within the " + facts.asked() + " asked for; 12 bytes of each segment hold TCP timestamps"
                        : "within the " + facts.asked() + " asked for; the peer, the path and TCP options leave "
                                + facts.got());
    }

    /** TCP_FIN_TIMEOUT_MAX in the kernel's tcp.h. */
    static Verdict linger2(Facts facts) {
        return facts.got() < facts.asked()
                ? Verdict.of(
                        Status.REDUCED,
                        Reason.CLAMPED,
                        "asked for " + facts.asked() + " s; the kernel's own upper bound is " + facts.got() + " s")
                : exact(facts);
    }
}
