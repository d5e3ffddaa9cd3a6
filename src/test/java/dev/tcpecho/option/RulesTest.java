package dev.tcpecho.option;

import static dev.tcpecho.option.Role.ACCEPTED;
import static dev.tcpecho.option.Role.LISTENER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.kernel.Sysctls;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule by itself: what was asked, what the kernel answered, what is made of it. */
class RulesTest {
    private static final Set<Means> EPOLL = Set.of(Means.WRITABLE, Means.EVERY_OPTION);
    private static final Set<Means> ON_ACCEPTED = Set.of(Means.WRITABLE, Means.ON_ACCEPTED, Means.EVERY_OPTION);
    private static final Set<Means> NIO = Set.of(Means.WRITABLE, Means.HALVED);
    private static final Set<Means> NIO_UNWRITABLE = Set.of(Means.HALVED, Means.COMPUTED);
    private static final Set<Means> NIO_ON_ACCEPTED = Set.of(Means.ON_ACCEPTED, Means.HALVED, Means.COMPUTED);
    private static final Set<Means> COMPUTED = Set.of(Means.WRITABLE, Means.HALVED, Means.COMPUTED);

    private static final Map<Sysctl, String> SYSCTLS = Map.of(
            Sysctl.SOMAXCONN, "4096",
            Sysctl.RMEM_MAX, "4194304",
            Sysctl.TCP_FASTOPEN, "1",
            Sysctl.TCP_KEEPALIVE_TIME, "7200",
            Sysctl.TCP_FIN_TIMEOUT, "60",
            Sysctl.TCP_NOTSENT_LOWAT, "4294967295",
            Sysctl.TCP_CONGESTION, "cubic",
            Sysctl.TCP_REFLECT_TOS, "0");

    private record Case(Facts facts, Status status, Reason reason, Sysctl governor) {
        @Override
        public String toString() {
            return facts.option() + " " + facts.role() + " asked " + facts.requested() + " got " + facts.effective()
                    + " -> " + status + " " + reason;
        }
    }

    private static Case of(
            SocketOption option, Role role, Object asked, Object got, Set<Means> means, Status status, Reason reason) {
        return governed(option, role, asked, got, means, status, reason, null);
    }

    private static Case governed(
            SocketOption option,
            Role role,
            Object asked,
            Object got,
            Set<Means> means,
            Status status,
            Reason reason,
            Sysctl governor) {
        return new Case(facts(option, role, asked, got, means, null, SYSCTLS), status, reason, governor);
    }

    /** Keep-alive is off, as it is by default, unless something else is said of the same socket. */
    private static Facts facts(
            SocketOption option,
            Role role,
            Object asked,
            Object got,
            Set<Means> means,
            String refusal,
            Map<Sysctl, String> sysctls,
            Object... socket) {
        Map<SocketOption, OptionValue> values = new EnumMap<>(SocketOption.class);
        values.put(SocketOption.SO_KEEPALIVE, OptionValue.of(false));
        for (int i = 0; i < socket.length; i += 2) {
            values.put((SocketOption) socket[i], value(socket[i + 1]));
        }
        if (got != null) {
            values.put(option, value(got));
        }
        Sysctls now = Sysctls.of(sysctls);
        return new Facts(option, role, value(asked), values, means, refusal, now, now);
    }

    private static OptionValue value(Object value) {
        return value == null
                ? null
                : value instanceof Long number ? OptionValue.of(number) : OptionValue.of(value.toString());
    }

    static Stream<Case> cases() {
        return Stream.of(buffers(), counts(), times(), connections(), transports(), unasked())
                .flatMap(each -> each);
    }

    private static Stream<Case> buffers() {
        SocketOption receive = SocketOption.SO_RCVBUF;
        return Stream.of(
                of(receive, LISTENER, 65536L, 131072L, EPOLL, Status.HONOURED, Reason.DOUBLED),
                of(receive, LISTENER, 4194304L, 8388608L, EPOLL, Status.HONOURED, Reason.DOUBLED),
                governed(receive, LISTENER, 4194305L, 8388608L, EPOLL, Status.REDUCED, Reason.CLAMPED, Sysctl.RMEM_MAX),
                governed(receive, ACCEPTED, 8388608L, 8388608L, EPOLL, Status.REDUCED, Reason.CLAMPED, Sysctl.RMEM_MAX),
                of(receive, LISTENER, 1152L, 2304L, EPOLL, Status.HONOURED, Reason.DOUBLED),
                of(receive, LISTENER, 1151L, 2304L, EPOLL, Status.RAISED, Reason.FLOOR),
                of(receive, LISTENER, 65536L, 65536L, NIO, Status.HONOURED, Reason.HALVED),
                governed(receive, LISTENER, 8388608L, 4194304L, NIO, Status.REDUCED, Reason.CLAMPED, Sysctl.RMEM_MAX),
                of(receive, LISTENER, 1L, 1152L, NIO, Status.RAISED, Reason.FLOOR),
                of(SocketOption.SO_SNDBUF, LISTENER, 2304L, 4608L, EPOLL, Status.HONOURED, Reason.DOUBLED),
                of(SocketOption.SO_SNDBUF, LISTENER, 1L, 4608L, EPOLL, Status.RAISED, Reason.FLOOR),
                governed(
                        SocketOption.SO_SNDBUF,
                        LISTENER,
                        8388608L,
                        8388608L,
                        EPOLL,
                        Status.REDUCED,
                        Reason.CLAMPED,
                        Sysctl.WMEM_MAX),
                of(SocketOption.TCP_WINDOW_CLAMP, LISTENER, 1152L, 1152L, EPOLL, Status.HONOURED, null),
                of(SocketOption.TCP_WINDOW_CLAMP, LISTENER, 1L, 1152L, EPOLL, Status.RAISED, Reason.FLOOR),
                governed(
                        SocketOption.TCP_WINDOW_CLAMP,
                        ACCEPTED,
                        10000000L,
                        65536L,
                        EPOLL,
                        Status.HONOURED,
                        Reason.AUTOTUNED,
                        Sysctl.TCP_RMEM));
    }

    private static Stream<Case> counts() {
        return Stream.of(
                of(SocketOption.BACKLOG, LISTENER, 4096L, 4096L, EPOLL, Status.HONOURED, null),
                governed(
                        SocketOption.BACKLOG,
                        LISTENER,
                        4097L,
                        4096L,
                        EPOLL,
                        Status.REDUCED,
                        Reason.CLAMPED,
                        Sysctl.SOMAXCONN),
                governed(
                        SocketOption.BACKLOG,
                        LISTENER,
                        100L,
                        100L,
                        COMPUTED,
                        Status.HONOURED,
                        Reason.COMPUTED,
                        Sysctl.SOMAXCONN),
                governed(
                        SocketOption.BACKLOG,
                        LISTENER,
                        5000L,
                        4096L,
                        COMPUTED,
                        Status.REDUCED,
                        Reason.COMPUTED,
                        Sysctl.SOMAXCONN),
                governed(
                        SocketOption.TCP_FASTOPEN,
                        LISTENER,
                        256L,
                        256L,
                        EPOLL,
                        Status.INERT,
                        Reason.SYSCTL_OFF,
                        Sysctl.TCP_FASTOPEN),
                of(SocketOption.TCP_FASTOPEN, LISTENER, 0L, 0L, EPOLL, Status.HONOURED, null),
                of(SocketOption.IP_TOS, LISTENER, 0xb8L, 0xb8L, EPOLL, Status.HONOURED, null),
                of(SocketOption.IP_TOS, LISTENER, 0xbbL, 0xb8L, EPOLL, Status.REDUCED, Reason.ECN_MASKED),
                of(SocketOption.IPV6_TCLASS, ACCEPTED, 0xbbL, 0xb8L, EPOLL, Status.REDUCED, Reason.ECN_MASKED),
                of(SocketOption.SO_MARK, LISTENER, 7L, 9L, EPOLL, Status.RAISED, Reason.KERNEL),
                of(SocketOption.TCP_CONGESTION, LISTENER, "bbr", "cubic", EPOLL, Status.REDUCED, Reason.KERNEL));
    }

    private static Stream<Case> times() {
        return Stream.of(
                of(SocketOption.TCP_KEEPIDLE, LISTENER, 60L, 60L, EPOLL, Status.INERT, Reason.NEEDS_KEEPALIVE),
                of(SocketOption.TCP_KEEPINTVL, ACCEPTED, 60L, 60L, EPOLL, Status.INERT, Reason.NEEDS_KEEPALIVE),
                of(SocketOption.TCP_KEEPCNT, LISTENER, 3L, 3L, EPOLL, Status.INERT, Reason.NEEDS_KEEPALIVE),
                of(SocketOption.TCP_DEFER_ACCEPT, LISTENER, 7L, 7L, EPOLL, Status.HONOURED, null),
                of(SocketOption.TCP_DEFER_ACCEPT, LISTENER, 5L, 7L, EPOLL, Status.RAISED, Reason.ROUNDED),
                of(SocketOption.TCP_DEFER_ACCEPT, LISTENER, 40000L, 29887L, EPOLL, Status.REDUCED, Reason.ROUNDED),
                of(SocketOption.TCP_LINGER2, LISTENER, 120L, 120L, EPOLL, Status.HONOURED, null),
                of(SocketOption.TCP_LINGER2, LISTENER, 121L, 120L, EPOLL, Status.REDUCED, Reason.CLAMPED),
                of(SocketOption.SO_LINGER, LISTENER, 0L, 0L, EPOLL, Status.HONOURED, null),
                of(SocketOption.TCP_USER_TIMEOUT, LISTENER, 30000L, 30000L, EPOLL, Status.HONOURED, null));
    }

    private static Stream<Case> connections() {
        return Stream.of(
                of(SocketOption.TCP_NODELAY, ACCEPTED, 1L, 1L, EPOLL, Status.HONOURED, Reason.INHERITED),
                of(SocketOption.SO_PRIORITY, ACCEPTED, 5L, 5L, ON_ACCEPTED, Status.HONOURED, null),
                of(SocketOption.TCP_QUICKACK, ACCEPTED, 1L, 1L, ON_ACCEPTED, Status.HONOURED, Reason.NOT_STICKY),
                of(SocketOption.TCP_QUICKACK, ACCEPTED, 0L, 1L, ON_ACCEPTED, Status.INERT, Reason.NOT_STICKY),
                of(SocketOption.TCP_MAXSEG, LISTENER, 1460L, 1460L, EPOLL, Status.HONOURED, null),
                of(SocketOption.TCP_MAXSEG, ACCEPTED, 1460L, 1448L, EPOLL, Status.HONOURED, Reason.NEGOTIATED),
                of(SocketOption.TCP_MAXSEG, ACCEPTED, 1460L, 524L, EPOLL, Status.HONOURED, Reason.NEGOTIATED));
    }

    private static Stream<Case> transports() {
        SocketOption timeout = SocketOption.TCP_USER_TIMEOUT;
        return Stream.of(
                of(timeout, LISTENER, 1000L, null, NIO_UNWRITABLE, Status.IGNORED, Reason.TRANSPORT),
                of(timeout, ACCEPTED, 1000L, null, NIO_UNWRITABLE, Status.IGNORED, Reason.TRANSPORT),
                of(timeout, LISTENER, null, null, NIO_UNWRITABLE, Status.UNREADABLE, Reason.TRANSPORT),
                of(timeout, LISTENER, null, null, EPOLL, Status.UNREADABLE, Reason.KERNEL),
                of(SocketOption.TCP_NODELAY, LISTENER, 1L, null, NIO_ON_ACCEPTED, Status.UNREADABLE, Reason.TRANSPORT),
                of(SocketOption.O_NONBLOCK, LISTENER, null, 1L, COMPUTED, Status.DEFAULT, Reason.COMPUTED),
                of(SocketOption.O_NONBLOCK, LISTENER, null, 1L, EPOLL, Status.DEFAULT, Reason.TRANSPORT),
                new Case(
                        facts(SocketOption.SO_MARK, LISTENER, 7L, 0L, EPOLL, "Operation not permitted", SYSCTLS),
                        Status.IGNORED,
                        Reason.REFUSED,
                        null));
    }

    private static Stream<Case> unasked() {
        return Stream.of(
                governed(
                        SocketOption.SO_RCVBUF,
                        LISTENER,
                        null,
                        131072L,
                        EPOLL,
                        Status.DEFAULT,
                        Reason.AUTOTUNED,
                        Sysctl.TCP_RMEM),
                governed(
                        SocketOption.SO_SNDBUF,
                        ACCEPTED,
                        null,
                        3939840L,
                        EPOLL,
                        Status.DEFAULT,
                        Reason.AUTOTUNED,
                        Sysctl.TCP_WMEM),
                governed(
                        SocketOption.TCP_KEEPIDLE,
                        LISTENER,
                        null,
                        7200L,
                        EPOLL,
                        Status.DEFAULT,
                        Reason.SYSCTL_DEFAULT,
                        Sysctl.TCP_KEEPALIVE_TIME),
                governed(
                        SocketOption.TCP_LINGER2,
                        LISTENER,
                        null,
                        60L,
                        EPOLL,
                        Status.DEFAULT,
                        Reason.SYSCTL_DEFAULT,
                        Sysctl.TCP_FIN_TIMEOUT),
                governed(
                        SocketOption.TCP_CONGESTION,
                        LISTENER,
                        null,
                        "cubic",
                        EPOLL,
                        Status.DEFAULT,
                        Reason.SYSCTL_DEFAULT,
                        Sysctl.TCP_CONGESTION),
                of(SocketOption.TCP_CONGESTION, LISTENER, null, "reno", EPOLL, Status.DEFAULT, null),
                governed(
                        SocketOption.TCP_NOTSENT_LOWAT,
                        LISTENER,
                        null,
                        0L,
                        EPOLL,
                        Status.DEFAULT,
                        Reason.SYSCTL_DEFAULT,
                        Sysctl.TCP_NOTSENT_LOWAT),
                of(SocketOption.TCP_QUICKACK, ACCEPTED, null, 1L, EPOLL, Status.DEFAULT, Reason.NOT_STICKY),
                of(SocketOption.IPV6_V6ONLY, LISTENER, null, 0L, EPOLL, Status.DEFAULT, Reason.TRANSPORT),
                of(SocketOption.IPV6_V6ONLY, LISTENER, null, 1L, EPOLL, Status.DEFAULT, Reason.KERNEL),
                of(SocketOption.TCP_MAXSEG, LISTENER, null, 536L, EPOLL, Status.DEFAULT, null),
                of(SocketOption.TCP_MAXSEG, ACCEPTED, null, 1448L, EPOLL, Status.DEFAULT, Reason.NEGOTIATED),
                of(SocketOption.SO_PRIORITY, LISTENER, null, 6L, EPOLL, Status.DEFAULT, Reason.KERNEL),
                of(SocketOption.SO_PRIORITY, LISTENER, null, 0L, EPOLL, Status.DEFAULT, null),
                of(SocketOption.SO_LINGER, LISTENER, null, -1L, EPOLL, Status.DEFAULT, null),
                of(SocketOption.SO_INCOMING_CPU, ACCEPTED, null, 0L, EPOLL, Status.DEFAULT, null),
                of(SocketOption.SO_TYPE, LISTENER, null, 1L, EPOLL, Status.DEFAULT, null),
                of(SocketOption.TCP_WINDOW_CLAMP, LISTENER, null, 0L, EPOLL, Status.DEFAULT, null),
                governed(
                        SocketOption.TCP_WINDOW_CLAMP,
                        ACCEPTED,
                        null,
                        65536L,
                        EPOLL,
                        Status.DEFAULT,
                        Reason.AUTOTUNED,
                        Sysctl.TCP_RMEM));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void judges(Case expected) {
        Verdict verdict = Rules.judge(expected.facts());
        assertThat(verdict.status()).isEqualTo(expected.status());
        assertThat(verdict.reason()).isEqualTo(expected.reason());
        assertThat(verdict.governedBy()).isEqualTo(expected.governor());
        if (verdict.governedBy() != null) {
            assertThat(expected.facts().option().governors()).contains(verdict.governedBy());
        }
        if (expected.status() != Status.DEFAULT && expected.reason() != null) {
            assertThat(verdict.note()).isNotBlank();
        }
    }

    @Test
    void everyReasonHasACase() {
        Set<Reason> given = cases().map(Case::reason)
                .filter(reason -> reason != null)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Reason.class)));
        assertThat(given).containsExactlyInAnyOrder(Reason.values());
    }

    @Test
    void everyStatusHasACase() {
        assertThat(cases().map(Case::status)).contains(Status.values());
    }

    @Test
    void keepAliveTimersCountOnceKeepAliveIsOn() {
        Facts on = facts(
                SocketOption.TCP_KEEPIDLE, LISTENER, 60L, 60L, EPOLL, null, SYSCTLS, SocketOption.SO_KEEPALIVE, 1L);
        assertThat(Rules.judge(on)).isEqualTo(Verdict.honoured());
    }

    @Test
    void fastOpenIsJudgedByItsQueueOnceTheSysctlIsOn() {
        Map<Sysctl, String> on = Map.of(Sysctl.TCP_FASTOPEN, "3", Sysctl.SOMAXCONN, "4096");
        assertThat(Rules.judge(facts(SocketOption.TCP_FASTOPEN, LISTENER, 5L, 5L, EPOLL, null, on)))
                .isEqualTo(Verdict.honoured());
        Verdict reduced = Rules.judge(facts(SocketOption.TCP_FASTOPEN, LISTENER, 5000L, 4096L, EPOLL, null, on));
        assertThat(reduced.reason()).isEqualTo(Reason.CLAMPED);
        assertThat(reduced.governedBy()).isEqualTo(Sysctl.SOMAXCONN);
    }

    @Test
    void aReflectedTrafficClassNamesItsSysctl() {
        Map<Sysctl, String> on = Map.of(Sysctl.TCP_REFLECT_TOS, "1");
        Verdict verdict = Rules.judge(facts(SocketOption.IP_TOS, ACCEPTED, 0xb8L, 0L, EPOLL, null, on));
        assertThat(verdict.status()).isEqualTo(Status.IGNORED);
        assertThat(verdict.governedBy()).isEqualTo(Sysctl.TCP_REFLECT_TOS);
    }

    @Test
    void aClampIsExplainedWhereItsSysctlCannotBeRead() {
        Verdict verdict =
                Rules.judge(facts(SocketOption.SO_RCVBUF, LISTENER, 8388608L, 425984L, EPOLL, null, Map.of()));
        assertThat(verdict.status()).isEqualTo(Status.REDUCED);
        assertThat(verdict.note()).contains("capped at 212992", "net.core.rmem_max, which cannot be read here");
    }

    @Test
    void whyABufferIsReducedAlthoughTheFiguresAreEqual() {
        Verdict verdict =
                Rules.judge(facts(SocketOption.SO_RCVBUF, LISTENER, 8388608L, 8388608L, EPOLL, null, SYSCTLS));
        assertThat(verdict.note())
                .isEqualTo(
                        "asked for 8388608, capped at 4194304 by net.core.rmem_max, 4194304; the figure is twice that,"
                                + " since the kernel doubles it for its own bookkeeping");
    }
}
