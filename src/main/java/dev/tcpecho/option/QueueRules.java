package dev.tcpecho.option;

import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.kernel.Sysctls;
import java.util.OptionalLong;

/**
 * What Linux makes of a request for one of the queues in front of accept(), and for how long a connection waits there.
 */
final class QueueRules {
    private QueueRules() {}

    /** listen(2): the lesser of the two, silently. */
    static Verdict backlog(Facts facts) {
        boolean less = facts.got() < facts.asked();
        if (facts.has(Means.COMPUTED)) {
            return Verdict.of(
                    less ? Status.REDUCED : Status.HONOURED,
                    Reason.COMPUTED,
                    Sysctl.SOMAXCONN,
                    "worked out, not read, as the lesser of the " + facts.asked() + " asked for and "
                            + facts.clampedBy(Sysctl.SOMAXCONN));
        }
        return less
                ? Verdict.of(
                        Status.REDUCED,
                        Reason.CLAMPED,
                        Sysctl.SOMAXCONN,
                        "asked for " + facts.asked() + " waiting connections; listen() silently takes at most "
                                + facts.clampedBy(Sysctl.SOMAXCONN))
                : Rules.exact(facts);
    }

    static OptionValue leastOfBacklog(OptionValue asked, Sysctls atListen) {
        OptionalLong most = atListen.number(Sysctl.SOMAXCONN);
        return asked == null || most.isEmpty()
                ? null
                : OptionValue.of(Math.min(most.getAsLong(), asked.asNumber().orElseThrow()));
    }

    /** The queue is bounded as the backlog is. inet_listen(): flag 0x400 gives one to a listener that has none. */
    static Verdict fastOpen(Facts facts) {
        if (facts.got() < facts.asked()) {
            return Verdict.of(
                    Status.REDUCED,
                    Reason.CLAMPED,
                    Sysctl.SOMAXCONN,
                    "asked for a queue of " + facts.asked() + "; it is no longer than "
                            + facts.clampedBy(Sysctl.SOMAXCONN));
        }
        return facts.asked() == 0 && facts.got() > 0
                ? Verdict.of(
                        Status.RAISED,
                        Reason.KERNEL,
                        Sysctl.TCP_FASTOPEN,
                        "listen() gave the socket a queue all the same: flag 0x400 was set in "
                                + facts.clampedBy(Sysctl.TCP_FASTOPEN))
                : Rules.exact(facts);
    }

    /**
     * secs_to_retrans: the time is kept as a number of SYN-ACK retransmits, each twice as long as the one before; the
     * number is a byte (rskq_defer_accept).
     */
    static Verdict deferAccept(Facts facts) {
        if (facts.got() == facts.asked()) {
            return Rules.exact(facts);
        }
        return facts.got() < facts.asked()
                ? Verdict.of(
                        Status.REDUCED,
                        Reason.CLAMPED,
                        "asked for " + facts.asked()
                                + " s; the kernel counts SYN-ACK retransmits, 255 at most, which end" + " after "
                                + facts.got() + " s")
                : Verdict.of(
                        Status.RAISED,
                        Reason.ROUNDED,
                        "asked for " + facts.asked() + " s; the kernel keeps a number of SYN-ACK retransmits, which end"
                                + " after 1, 3, 7, 15, 31, 63, 127 s and then every 120 s");
    }
}
