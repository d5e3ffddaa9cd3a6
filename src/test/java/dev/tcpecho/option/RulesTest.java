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

    private static final Map<Sysctl, String> SYSCTLS = Map.ofEntries(
            Map.entry(Sysctl.SOMAXCONN, "4096"),
            Map.entry(Sysctl.TCP_SYNCOOKIES, "1"),
            Map.entry(Sysctl.TCP_RMEM, "4096 131072 33554432"),
            Map.entry(Sysctl.RMEM_MAX, "4194304"),
            Map.entry(Sysctl.TCP_FASTOPEN, "1"),
            Map.entry(Sysctl.TCP_KEEPALIVE_TIME, "7200"),
            Map.entry(Sysctl.TCP_FIN_TIMEOUT, "60"),
            Map.entry(Sysctl.TCP_NOTSENT_LOWAT, "4294967295"),
            Map.entry(Sysctl.TCP_CONGESTION, "cubic"),
            Map.entry(Sysctl.TCP_REFLECT_TOS, "0"),
            Map.entry(Sysctl.TCP_FWMARK_ACCEPT, "0"),
            Map.entry(Sysctl.IP_NONLOCAL_BIND, "0"),
            Map.entry(Sysctl.IPV6_NONLOCAL_BIND, "0"));

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
        Map<SocketOption, OptionValue> requests = asked == null ? Map.of() : Map.of(option, value(asked));
        return new Facts(option, role, requests, values, means, refusal, now, now);
    }

    private static OptionValue value(Object value) {
        return value == null
                ? null
                : value instanceof Long number ? OptionValue.of(number) : OptionValue.of(value.toString());
    }

    static Stream<Case> cases() {
        return Stream.of(buffers(), counts(), times(), connections(), transports(), unasked(), overruled(), unknown())
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
                of(SocketOption.TCP_WINDOW_CLAMP, LISTENER, 1152L, 1152L, EPOLL, Status.INERT, Reason.NOT_STICKY),
                of(SocketOption.TCP_WINDOW_CLAMP, LISTENER, 1L, 1152L, EPOLL, Status.RAISED, Reason.FLOOR),
                governed(
                        SocketOption.TCP_WINDOW_CLAMP,
                        ACCEPTED,
                        33554432L,
                        65536L,
                        EPOLL,
                        Status.HONOURED,
                        Reason.AUTOTUNED,
                        Sysctl.TCP_RMEM),
                of(SocketOption.TCP_WINDOW_CLAMP, LISTENER, 33554432L, 33554432L, EPOLL, Status.HONOURED, null),
                of(SocketOption.TCP_WINDOW_CLAMP, ACCEPTED, 10000000L, 65536L, EPOLL, Status.INERT, Reason.NOT_STICKY));
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
                of(SocketOption.TCP_DEFER_ACCEPT, LISTENER, 29800L, 29887L, EPOLL, Status.RAISED, Reason.ROUNDED),
                of(SocketOption.TCP_DEFER_ACCEPT, LISTENER, 5L, 7L, EPOLL, Status.RAISED, Reason.ROUNDED),
                of(SocketOption.TCP_DEFER_ACCEPT, LISTENER, 40000L, 29887L, EPOLL, Status.REDUCED, Reason.CLAMPED),
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

    /** The value is kept, and something else on the same socket or in the kernel takes its effect away. */
    private static Stream<Case> overruled() {
        return Stream.of(
                beside(
                        SocketOption.TCP_KEEPCNT,
                        3L,
                        3L,
                        Status.INERT,
                        Reason.OVERRULED,
                        null,
                        SocketOption.SO_KEEPALIVE,
                        1L,
                        SocketOption.TCP_USER_TIMEOUT,
                        10000L),
                beside(
                        SocketOption.TCP_KEEPCNT,
                        3L,
                        3L,
                        Status.HONOURED,
                        null,
                        null,
                        SocketOption.SO_KEEPALIVE,
                        1L,
                        SocketOption.TCP_USER_TIMEOUT,
                        0L),
                beside(
                        SocketOption.TCP_KEEPIDLE,
                        3L,
                        3L,
                        Status.HONOURED,
                        null,
                        null,
                        SocketOption.SO_KEEPALIVE,
                        1L,
                        SocketOption.TCP_USER_TIMEOUT,
                        10000L),
                beside(
                        SocketOption.TCP_NODELAY,
                        1L,
                        1L,
                        Status.INERT,
                        Reason.OVERRULED,
                        null,
                        SocketOption.TCP_CORK,
                        1L),
                beside(SocketOption.TCP_NODELAY, 0L, 0L, Status.HONOURED, null, null, SocketOption.TCP_CORK, 1L),
                beside(
                        SocketOption.TCP_LINGER2,
                        9L,
                        9L,
                        Status.INERT,
                        Reason.OVERRULED,
                        null,
                        SocketOption.SO_LINGER,
                        0L),
                beside(SocketOption.TCP_LINGER2, 9L, 9L, Status.HONOURED, null, null, SocketOption.SO_LINGER, 5L),
                under(
                        SocketOption.TCP_DEFER_ACCEPT,
                        LISTENER,
                        7L,
                        7L,
                        Status.INERT,
                        Reason.OVERRULED,
                        Sysctl.TCP_SYNCOOKIES,
                        "2"),
                under(
                        SocketOption.TCP_DEFER_ACCEPT,
                        LISTENER,
                        0L,
                        0L,
                        Status.HONOURED,
                        null,
                        Sysctl.TCP_SYNCOOKIES,
                        "2"),
                under(
                        SocketOption.SO_MARK,
                        LISTENER,
                        0L,
                        0L,
                        Status.INERT,
                        Reason.OVERRULED,
                        Sysctl.TCP_FWMARK_ACCEPT,
                        "1"),
                under(
                        SocketOption.SO_MARK,
                        ACCEPTED,
                        0L,
                        7L,
                        Status.IGNORED,
                        Reason.OVERRULED,
                        Sysctl.TCP_FWMARK_ACCEPT,
                        "1"),
                under(
                        SocketOption.SO_MARK,
                        ACCEPTED,
                        null,
                        7L,
                        Status.DEFAULT,
                        Reason.OVERRULED,
                        Sysctl.TCP_FWMARK_ACCEPT,
                        "1"),
                under(
                        SocketOption.IP_FREEBIND,
                        LISTENER,
                        0L,
                        0L,
                        Status.INERT,
                        Reason.OVERRULED,
                        Sysctl.IP_NONLOCAL_BIND,
                        "1"),
                under(
                        SocketOption.IP_TOS,
                        LISTENER,
                        184L,
                        184L,
                        Status.INERT,
                        Reason.NEGOTIATED,
                        Sysctl.TCP_REFLECT_TOS,
                        "1"),
                under(
                        SocketOption.IP_TOS,
                        ACCEPTED,
                        184L,
                        184L,
                        Status.IGNORED,
                        Reason.NEGOTIATED,
                        Sysctl.TCP_REFLECT_TOS,
                        "1"),
                under(
                        SocketOption.IP_TOS,
                        ACCEPTED,
                        0L,
                        0L,
                        Status.IGNORED,
                        Reason.NEGOTIATED,
                        Sysctl.TCP_REFLECT_TOS,
                        "1"),
                under(
                        SocketOption.IPV6_TCLASS,
                        ACCEPTED,
                        3L,
                        0L,
                        Status.IGNORED,
                        Reason.NEGOTIATED,
                        Sysctl.TCP_REFLECT_TOS,
                        "1"),
                under(
                        SocketOption.IPV6_TCLASS,
                        ACCEPTED,
                        null,
                        0L,
                        Status.DEFAULT,
                        Reason.NEGOTIATED,
                        Sysctl.TCP_REFLECT_TOS,
                        "1"),
                under(
                        SocketOption.SO_RCVBUF,
                        LISTENER,
                        null,
                        131072L,
                        Status.DEFAULT,
                        Reason.SYSCTL_OFF,
                        Sysctl.TCP_MODERATE_RCVBUF,
                        "0"),
                under(
                        SocketOption.TCP_FASTOPEN,
                        LISTENER,
                        null,
                        100L,
                        Status.DEFAULT,
                        Reason.SYSCTL_DEFAULT,
                        Sysctl.TCP_FASTOPEN,
                        "1027"),
                under(
                        SocketOption.TCP_FASTOPEN,
                        LISTENER,
                        0L,
                        100L,
                        Status.RAISED,
                        Reason.KERNEL,
                        Sysctl.TCP_FASTOPEN,
                        "1027"),
                under(
                        SocketOption.TCP_MAXSEG,
                        ACCEPTED,
                        536L,
                        1388L,
                        Status.RAISED,
                        Reason.FLOOR,
                        Sysctl.TCP_MIN_SND_MSS,
                        "1400"));
    }

    private static Case beside(
            SocketOption option,
            Long asked,
            Long got,
            Status status,
            Reason reason,
            Sysctl governor,
            Object... socket) {
        return new Case(facts(option, LISTENER, asked, got, EPOLL, null, SYSCTLS, socket), status, reason, governor);
    }

    /** Under one sysctl that is not as quiet as the others. */
    private static Case under(
            SocketOption option,
            Role role,
            Long asked,
            Long got,
            Status status,
            Reason reason,
            Sysctl sysctl,
            String value) {
        Map<Sysctl, String> sysctls = new EnumMap<>(SYSCTLS);
        sysctls.put(sysctl, value);
        return new Case(
                facts(option, role, asked, got, EPOLL, null, sysctls),
                status,
                reason,
                status == Status.HONOURED ? null : sysctl);
    }

    /** A sysctl that decides cannot be read: neither honoured nor a shortfall. */
    private static Stream<Case> unknown() {
        return Stream.of(
                without(
                        Sysctl.SOMAXCONN,
                        SocketOption.BACKLOG,
                        LISTENER,
                        100000L,
                        null,
                        Set.of(Means.COMPUTED, Means.WRITABLE)),
                without(Sysctl.TCP_FASTOPEN, SocketOption.TCP_FASTOPEN, LISTENER, 16L, 16L, EPOLL),
                without(Sysctl.TCP_SYNCOOKIES, SocketOption.TCP_DEFER_ACCEPT, LISTENER, 7L, 7L, EPOLL),
                without(Sysctl.TCP_REFLECT_TOS, SocketOption.IP_TOS, ACCEPTED, 184L, 184L, EPOLL));
    }

    private static Case without(Sysctl sysctl, SocketOption option, Role role, Long asked, Long got, Set<Means> means) {
        Map<Sysctl, String> sysctls = new EnumMap<>(SYSCTLS);
        sysctls.remove(sysctl);
        return new Case(
                facts(option, role, asked, got, means, null, sysctls),
                Status.UNREADABLE,
                Reason.SYSCTL_UNREADABLE,
                sysctl);
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
        Map<Sysctl, String> on = Map.of(Sysctl.TCP_FASTOPEN, "3", Sysctl.SOMAXCONN, "4096", Sysctl.TCP_SYNCOOKIES, "1");
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

    /** Both sysctls are on: what the listener asked for itself wins. */
    @Test
    void aMarkOrAFreeBindOfTheListenersOwnIsNotOverruled() {
        Map<Sysctl, String> on = Map.of(Sysctl.TCP_FWMARK_ACCEPT, "1", Sysctl.IP_NONLOCAL_BIND, "1");
        assertThat(Rules.judge(facts(SocketOption.SO_MARK, LISTENER, 7L, 7L, EPOLL, null, on)))
                .isEqualTo(Verdict.honoured());
        assertThat(Rules.judge(facts(SocketOption.IP_FREEBIND, LISTENER, 1L, 1L, EPOLL, null, on)))
                .isEqualTo(Verdict.honoured());
    }

    /** What bind() looked at is settled, and an IPv6 socket has a sysctl of its own. */
    @Test
    void freeBindIsJudgedByTheSysctlOfItsFamilyWhenTheSocketWasBound() {
        Sysctls off = Sysctls.of(Map.of(Sysctl.IP_NONLOCAL_BIND, "0", Sysctl.IPV6_NONLOCAL_BIND, "0"));
        for (long domain : new long[] {2, 10}) {
            Sysctl own = domain == 2 ? Sysctl.IP_NONLOCAL_BIND : Sysctl.IPV6_NONLOCAL_BIND;
            for (Sysctl then : new Sysctl[] {Sysctl.IP_NONLOCAL_BIND, Sysctl.IPV6_NONLOCAL_BIND}) {
                Verdict verdict = Rules.judge(new Facts(
                        SocketOption.IP_FREEBIND,
                        LISTENER,
                        Map.of(SocketOption.IP_FREEBIND, OptionValue.of(false)),
                        Map.of(
                                SocketOption.IP_FREEBIND,
                                OptionValue.of(false),
                                SocketOption.SO_DOMAIN,
                                OptionValue.of(domain)),
                        EPOLL,
                        null,
                        off,
                        Sysctls.of(Map.of(then, "1"))));
                assertThat(verdict.status()).isEqualTo(then == own ? Status.INERT : Status.HONOURED);
                assertThat(verdict.governedBy()).isEqualTo(then == own ? own : null);
            }
        }
    }

    @Test
    void aClampNamesItsSysctlThenAndToday() {
        Facts facts = new Facts(
                SocketOption.BACKLOG,
                LISTENER,
                Map.of(SocketOption.BACKLOG, OptionValue.of(1000)),
                Map.of(SocketOption.BACKLOG, OptionValue.of(64)),
                EPOLL,
                null,
                Sysctls.of(Map.of(Sysctl.SOMAXCONN, "4096")),
                Sysctls.of(Map.of(Sysctl.SOMAXCONN, "64")));
        assertThat(Rules.judge(facts).note())
                .contains("net.core.somaxconn, 64 when the socket was set up and 4096 today");
    }

    @Test
    void aFixedReceiveBufferBoundsTheWindowAndIsNamed() {
        Map<SocketOption, OptionValue> socket = Map.of(
                SocketOption.SO_RCVBUF, OptionValue.of(131072), SocketOption.TCP_WINDOW_CLAMP, OptionValue.of(65536));
        for (long asked : new long[] {100_000, 200_000}) {
            Map<SocketOption, OptionValue> requests = Map.of(
                    SocketOption.SO_RCVBUF,
                    OptionValue.of(65536),
                    SocketOption.TCP_WINDOW_CLAMP,
                    OptionValue.of(asked));
            Verdict verdict = Rules.judge(new Facts(
                    SocketOption.TCP_WINDOW_CLAMP,
                    ACCEPTED,
                    requests,
                    socket,
                    EPOLL,
                    null,
                    Sysctls.of(SYSCTLS),
                    Sysctls.of(SYSCTLS)));
            assertThat(verdict.status()).isEqualTo(asked < 131072 ? Status.INERT : Status.HONOURED);
            assertThat(verdict.reason()).isNotEqualTo(Reason.AUTOTUNED);
            assertThat(verdict.note()).contains("SO_RCVBUF");
        }
    }

    @Test
    void whatOverrulesAnOptionIsAmongItsGovernors() {
        for (SocketOption option : SocketOption.values()) {
            assertThat(option.governors()).as(option.name()).containsAll(Overruling.governors(option));
        }
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
