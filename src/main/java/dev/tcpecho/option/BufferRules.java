package dev.tcpecho.option;

import dev.tcpecho.kernel.Sysctl;

/**
 * The sizes that socket(7) and tcp(7) treat in their own way: SO_RCVBUF and SO_SNDBUF are capped, doubled, and never
 * below a floor; unasked, they grow with the traffic. The kernel's sock_setsockopt, SOCK_MIN_RCVBUF, SOCK_MIN_SNDBUF.
 */
final class BufferRules {
    private BufferRules() {}

    static Verdict receive(Facts facts) {
        return buffer(facts, Sysctl.RMEM_MAX);
    }

    static Verdict send(Facts facts) {
        return buffer(facts, Sysctl.WMEM_MAX);
    }

    private static Verdict buffer(Facts facts, Sysctl max) {
        boolean halved = facts.has(Means.HALVED);
        long kept = halved ? facts.got() : facts.got() / 2;
        long asked = facts.asked();
        if (kept == asked) {
            return halved
                    ? Verdict.of(
                            Status.HONOURED,
                            Reason.HALVED,
                            "the kernel's own figure is " + 2 * kept + ", twice this; Java shows half of it")
                    : Verdict.of(
                            Status.HONOURED,
                            Reason.DOUBLED,
                            "asked for " + asked + "; the kernel always shows twice what it was asked for,"
                                    + " since it counts its own bookkeeping in");
        }
        String shown =
                halved ? "" : "; the figure is twice that, since the kernel doubles it for its own" + " bookkeeping";
        return kept < asked
                ? Verdict.of(
                        Status.REDUCED,
                        Reason.CLAMPED,
                        max,
                        "asked for " + asked + ", capped at " + kept + " by " + facts.clampedBy(max) + shown)
                : Verdict.of(
                        Status.RAISED,
                        Reason.FLOOR,
                        "asked for " + asked + "; the kernel gives no less than " + kept + shown);
    }

    /** tcp_rcvbuf_grow(): only while tcp_moderate_rcvbuf is on; tcp_init_sock() takes the middle one of tcp_rmem. */
    static Verdict unaskedReceive(Facts facts) {
        return isModerate(facts)
                ? unasked(facts, Sysctl.TCP_RMEM)
                : Verdict.of(
                        Status.DEFAULT,
                        Reason.SYSCTL_OFF,
                        Sysctl.TCP_MODERATE_RCVBUF,
                        "does not grow while the sysctl is 0: it stays at the second value of "
                                + facts.sysctls().named(Sysctl.TCP_RMEM) + halvedToo(facts));
    }

    static Verdict unaskedSend(Facts facts) {
        return unasked(facts, Sysctl.TCP_WMEM);
    }

    private static Verdict unasked(Facts facts, Sysctl range) {
        return Verdict.of(
                Status.DEFAULT,
                Reason.AUTOTUNED,
                range,
                "grows with the traffic within " + range.key() + " (least, first, most)" + halvedToo(facts));
    }

    private static String halvedToo(Facts facts) {
        return facts.has(Means.HALVED) ? "; Java shows half of the kernel's figure" : "";
    }

    private static boolean isModerate(Facts facts) {
        return facts.sysctls().number(Sysctl.TCP_MODERATE_RCVBUF).orElse(1) != 0;
    }

    /**
     * What the receive buffer may allow in the life of a connection, in bytes; without bound where that is not known.
     */
    static long widestWindow(Facts facts) {
        boolean fixed = facts.requests().containsKey(SocketOption.SO_RCVBUF) || !isModerate(facts);
        if (fixed && facts.socket().containsKey(SocketOption.SO_RCVBUF)) {
            return facts.number(SocketOption.SO_RCVBUF);
        }
        String range = facts.sysctls().text(Sysctl.TCP_RMEM);
        return range == null
                ? Long.MAX_VALUE
                : Sysctl.number(range.substring(range.lastIndexOf(' ') + 1)).orElse(Long.MAX_VALUE);
    }

    /**
     * Called only where no receive buffer allows more than was asked: then the bound is one, though nothing meets it.
     */
    static Verdict windowClamp(Facts facts) {
        if (facts.got() > facts.asked()) {
            return Verdict.of(
                    Status.RAISED,
                    Reason.FLOOR,
                    "asked for " + facts.asked() + "; the kernel gives no less than " + facts.got());
        }
        if (facts.got() == facts.asked() || facts.role() == Role.LISTENER) {
            return Rules.exact(facts);
        }
        return facts.requests().containsKey(SocketOption.SO_RCVBUF)
                ? Verdict.of(
                        Status.HONOURED,
                        Reason.OVERRULED,
                        "within the " + facts.asked() + " asked for; the fixed SO_RCVBUF is the tighter bound")
                : Verdict.of(
                        Status.HONOURED,
                        isModerate(facts) ? Reason.AUTOTUNED : Reason.SYSCTL_OFF,
                        isModerate(facts) ? Sysctl.TCP_RMEM : Sysctl.TCP_MODERATE_RCVBUF,
                        "within the " + facts.asked() + " asked for; the window follows the receive buffer, which"
                                + " never allows more");
    }

    static Verdict windowClampUnasked(Facts facts) {
        if (facts.role() == Role.LISTENER) {
            return Verdict.of(Status.DEFAULT, null, "0 = no bound");
        }
        if (facts.requests().containsKey(SocketOption.SO_RCVBUF)) {
            return Verdict.of(Status.DEFAULT, Reason.KERNEL, "follows the receive buffer, and SO_RCVBUF is fixed");
        }
        return isModerate(facts)
                ? Verdict.of(
                        Status.DEFAULT, Reason.AUTOTUNED, Sysctl.TCP_RMEM, "follows the receive buffer as that grows")
                : Verdict.of(
                        Status.DEFAULT,
                        Reason.SYSCTL_OFF,
                        Sysctl.TCP_MODERATE_RCVBUF,
                        "follows the receive buffer, which does not grow while the sysctl is 0");
    }
}
