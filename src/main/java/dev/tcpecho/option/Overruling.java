package dev.tcpecho.option;

import static dev.tcpecho.option.Reason.NEEDS_KEEPALIVE;
import static dev.tcpecho.option.Reason.NEGOTIATED;
import static dev.tcpecho.option.Reason.NOT_STICKY;
import static dev.tcpecho.option.Reason.OVERRULED;
import static dev.tcpecho.option.Reason.SYSCTL_OFF;
import static dev.tcpecho.option.SocketOption.IPV6_TCLASS;
import static dev.tcpecho.option.SocketOption.IP_FREEBIND;
import static dev.tcpecho.option.SocketOption.IP_TOS;
import static dev.tcpecho.option.SocketOption.SO_DOMAIN;
import static dev.tcpecho.option.SocketOption.SO_KEEPALIVE;
import static dev.tcpecho.option.SocketOption.SO_LINGER;
import static dev.tcpecho.option.SocketOption.SO_MARK;
import static dev.tcpecho.option.SocketOption.TCP_CORK;
import static dev.tcpecho.option.SocketOption.TCP_DEFER_ACCEPT;
import static dev.tcpecho.option.SocketOption.TCP_FASTOPEN;
import static dev.tcpecho.option.SocketOption.TCP_KEEPCNT;
import static dev.tcpecho.option.SocketOption.TCP_KEEPIDLE;
import static dev.tcpecho.option.SocketOption.TCP_KEEPINTVL;
import static dev.tcpecho.option.SocketOption.TCP_LINGER2;
import static dev.tcpecho.option.SocketOption.TCP_NODELAY;
import static dev.tcpecho.option.SocketOption.TCP_USER_TIMEOUT;
import static dev.tcpecho.option.SocketOption.TCP_WINDOW_CLAMP;

import dev.tcpecho.kernel.Sysctl;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What takes the effect of an option away although the kernel keeps its value: another option of the same socket, a
 * sysctl, or the kernel itself. The first row that applies explains a request; each has its place in the kernel's
 * source and a test that measures the effect, not the number.
 */
enum Overruling {
    /** net/core/sock.c sets the timer with SO_KEEPALIVE alone; tcp_timer.c, tcp_set_keepalive(). */
    KEEP_ALIVE_IS_OFF(
            EnumSet.of(TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT),
            facts -> true,
            facts -> facts.isAlso(SO_KEEPALIVE, 0),
            NEEDS_KEEPALIVE,
            null,
            "the kernel keeps the value, yet sends no probe while SO_KEEPALIVE is off"),
    /** tcp_timer.c, tcp_keepalive_timer(): probes are counted only while icsk_user_timeout is 0. */
    USER_TIMEOUT_COUNTS(
            EnumSet.of(TCP_KEEPCNT),
            facts -> true,
            facts -> facts.number(TCP_USER_TIMEOUT) > 0,
            OVERRULED,
            null,
            "beside TCP_USER_TIMEOUT the kernel counts no probes: a silent peer is given up when that time is over"),
    /** tcp_output.c, tcp_nagle_check(): TCP_NAGLE_CORK is looked at before TCP_NAGLE_OFF. */
    CORK_HOLDS(
            EnumSet.of(TCP_NODELAY),
            Overruling::isSomeAsked,
            facts -> facts.number(TCP_CORK) > 0,
            OVERRULED,
            null,
            "under TCP_CORK a small segment waits for up to 200 ms whatever TCP_NODELAY says"),
    /** tcp.c, __tcp_close(): with a linger time of 0 the socket is reset and never reaches FIN_WAIT2. */
    CLOSE_RESETS(
            EnumSet.of(TCP_LINGER2),
            facts -> true,
            facts -> facts.isAlso(SO_LINGER, 0),
            OVERRULED,
            null,
            "with SO_LINGER 0 a close is a reset, and no connection waits in FIN_WAIT2"),
    /** tcp_fastopen.c, tcp_try_fastopen(): TFO_SERVER_ENABLE, bit 2. */
    FAST_OPEN_IS_OFF(
            EnumSet.of(TCP_FASTOPEN),
            Overruling::isSomeAsked,
            facts -> (facts.number(Sysctl.TCP_FASTOPEN) & 2) == 0,
            SYSCTL_OFF,
            Sysctl.TCP_FASTOPEN,
            "the queue is there, yet no connection uses it: servers do fast open only when the sysctl has bit 2 (value"
                    + " 2 or 3)"),
    /** tcp_input.c, tcp_conn_request(): tcp_syncookies 2 answers each SYN with a cookie, and keeps no request. */
    COOKIES_ALWAYS(
            EnumSet.of(TCP_FASTOPEN, TCP_DEFER_ACCEPT),
            Overruling::isSomeAsked,
            facts -> facts.number(Sysctl.TCP_SYNCOOKIES) == 2,
            OVERRULED,
            Sysctl.TCP_SYNCOOKIES,
            "with the value 2 every SYN is answered with a cookie, and the kernel keeps nothing of a connection that is"
                    + " not established: neither its data nor how long to wait for them"),
    /** tcp_ipv4.c, tcp_v4_send_synack() and tcp_v4_syn_recv_sock(); tcp_ipv6.c likewise. */
    CLASS_OF_THE_PEER(
            EnumSet.of(IP_TOS, IPV6_TCLASS),
            facts -> true,
            facts -> facts.number(Sysctl.TCP_REFLECT_TOS) != 0,
            NEGOTIATED,
            Sysctl.TCP_REFLECT_TOS,
            "the kernel answers each client with the class of its own SYN, from the SYN-ACK on"),
    /** inet_sock.h, inet_request_mark(): a listener's own mark wins, unless it is 0. */
    MARK_OF_THE_SYN(
            EnumSet.of(SO_MARK),
            facts -> facts.asked() == 0,
            facts -> facts.number(Sysctl.TCP_FWMARK_ACCEPT) != 0,
            OVERRULED,
            Sysctl.TCP_FWMARK_ACCEPT,
            "the listener has no mark, so that each connection takes the one that its SYN had here"),
    /** inet_sock.h, inet_can_nonlocal_bind(). */
    BINDS_TO_FOREIGN_IPV4(
            EnumSet.of(IP_FREEBIND),
            facts -> Overruling.isFreeBindOff(facts) && facts.number(SO_DOMAIN) != Overruling.AF_INET6,
            facts -> facts.numberAtListen(Sysctl.IP_NONLOCAL_BIND) != 0,
            OVERRULED,
            Sysctl.IP_NONLOCAL_BIND,
            Overruling.BINDS_ANYWAY),
    /** ipv6.h, ipv6_can_nonlocal_bind(). */
    BINDS_TO_FOREIGN_IPV6(
            EnumSet.of(IP_FREEBIND),
            facts -> Overruling.isFreeBindOff(facts) && facts.number(SO_DOMAIN) == Overruling.AF_INET6,
            facts -> facts.numberAtListen(Sysctl.IPV6_NONLOCAL_BIND) != 0,
            OVERRULED,
            Sysctl.IPV6_NONLOCAL_BIND,
            Overruling.BINDS_ANYWAY),
    /** tcp_input.c, tcp_measure_rcv_mss() and tcp_rcvbuf_grow(): both set window_clamp anew from the receive buffer. */
    WINDOW_FOLLOWS_BUFFER(
            EnumSet.of(TCP_WINDOW_CLAMP),
            facts -> facts.got() <= facts.asked(),
            facts -> facts.asked() < BufferRules.widestWindow(facts),
            NOT_STICKY,
            null,
            "the kernel sets the bound anew, to what the receive buffer allows, with the first full segment that"
                    + " comes; a fixed SO_RCVBUF is what bounds the window");

    private static final int AF_INET6 = 10;
    private static final String BINDS_ANYWAY =
            "the sysctl was on when the socket was bound: an address that is not this machine's was as good";

    private final Set<SocketOption> options;
    private final Predicate<Facts> minded;
    private final Predicate<Facts> overrules;
    private final Reason reason;
    private final Sysctl governor;
    private final String note;

    Overruling(
            Set<SocketOption> options,
            Predicate<Facts> minded,
            Predicate<Facts> overrules,
            Reason reason,
            Sysctl governor,
            String note) {
        this.options = options;
        this.minded = minded;
        this.overrules = overrules;
        this.reason = reason;
        this.governor = governor;
        this.note = note;
    }

    private static boolean isSomeAsked(Facts facts) {
        return facts.asked() > 0;
    }

    /** It is over once the listener is bound: connections have nothing of it. */
    private static boolean isFreeBindOff(Facts facts) {
        return facts.role() == Role.LISTENER && facts.asked() == 0;
    }

    /** What stands in the way of a request that the kernel took. */
    static Optional<Verdict> of(Facts facts) {
        return concerning(facts)
                .filter(row -> row.governor == null || facts.sysctls().text(row.governor) != null)
                .filter(row -> row.overrules.test(facts))
                .findFirst()
                .map(row -> row.verdict(facts));
    }

    /** The sysctls that might, and cannot be read here. */
    static Optional<Sysctl> unknown(Facts facts) {
        return concerning(facts)
                .map(row -> row.governor)
                .filter(sysctl -> sysctl != null && facts.sysctls().isUnreadable(sysctl))
                .findFirst();
    }

    /** The sysctls by which this option's effect may be taken away. */
    static List<Sysctl> governors(SocketOption option) {
        return Stream.of(values())
                .filter(row -> row.options.contains(option) && row.governor != null)
                .map(row -> row.governor)
                .toList();
    }

    private static Stream<Overruling> concerning(Facts facts) {
        return Stream.of(values()).filter(row -> row.options.contains(facts.option()) && row.minded.test(facts));
    }

    private Verdict verdict(Facts facts) {
        boolean replaced = facts.role() == Role.ACCEPTED && (this == CLASS_OF_THE_PEER || this == MARK_OF_THE_SYN);
        return Verdict.of(replaced ? Status.IGNORED : Status.INERT, reason, governor, note);
    }
}
