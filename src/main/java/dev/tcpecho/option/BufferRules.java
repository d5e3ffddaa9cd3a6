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

    static Verdict unaskedReceive(Facts facts) {
        return unasked(facts, Sysctl.TCP_RMEM);
    }

    static Verdict unaskedSend(Facts facts) {
        return unasked(facts, Sysctl.TCP_WMEM);
    }

    private static Verdict unasked(Facts facts, Sysctl range) {
        return Verdict.of(
                Status.DEFAULT,
                Reason.AUTOTUNED,
                range,
                "grows with the traffic within " + range.key() + " (least, first, most)"
                        + (facts.has(Means.HALVED) ? "; Java shows half of the kernel's figure" : ""));
    }

    /** An upper bound as well: the window of a connection starts below it, and never below half of SOCK_MIN_RCVBUF. */
    static Verdict windowClamp(Facts facts) {
        if (facts.got() > facts.asked()) {
            return Verdict.of(
                    Status.RAISED,
                    Reason.FLOOR,
                    "asked for " + facts.asked() + "; the kernel gives no less than " + facts.got());
        }
        return facts.got() < facts.asked() && facts.role() == Role.ACCEPTED
                ? Verdict.of(
                        Status.HONOURED,
                        Reason.AUTOTUNED,
                        Sysctl.TCP_RMEM,
                        "within the " + facts.asked() + " asked for; the window follows the receive buffer, which"
                                + " allows this much for now")
                : Rules.exact(facts);
    }

    static Verdict windowClampUnasked(Facts facts) {
        return facts.role() == Role.LISTENER
                ? Verdict.of(Status.DEFAULT, null, "0 = no bound")
                : Verdict.of(
                        Status.DEFAULT, Reason.AUTOTUNED, Sysctl.TCP_RMEM, "follows the receive buffer as that grows");
    }
}
