package dev.tcpecho.socket;

import static dev.tcpecho.socket.Role.LISTENER;
import static dev.tcpecho.socket.Unit.BYTES;
import static dev.tcpecho.socket.Unit.CONNECTIONS;
import static dev.tcpecho.socket.Unit.FLAG;
import static dev.tcpecho.socket.Unit.HOPS;
import static dev.tcpecho.socket.Unit.MICROSECONDS;
import static dev.tcpecho.socket.Unit.MILLISECONDS;
import static dev.tcpecho.socket.Unit.NUMBER;
import static dev.tcpecho.socket.Unit.PROBES;
import static dev.tcpecho.socket.Unit.SECONDS;
import static dev.tcpecho.socket.Unit.TEXT;

import io.quarkus.runtime.configuration.MemorySize;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;

/**
 * The catalogue: a row per socket option, with its Linux level and number (asm-generic/socket.h, tcp.h, in.h, in6.h), how
 * it is asked for, how the JDK names it, and the rule that explains a difference. Adding an option is adding a row.
 */
public enum SocketOption {
    BACKLOG("backlog", -1, -1, CONNECTIONS, EnumSet.of(LISTENER), SocketSettings::acceptBacklog, null, Rules::backlog),
    SO_REUSEADDR(1, 2, FLAG, s -> flag(s.reuseAddress()), StandardSocketOptions.SO_REUSEADDR, Rules::exact),
    SO_REUSEPORT(1, 15, FLAG, s -> flag(s.reusePort()), StandardSocketOptions.SO_REUSEPORT, Rules::exact),
    SO_RCVBUF(1, 8, BYTES, s -> bytes(s.receiveBufferSize()), StandardSocketOptions.SO_RCVBUF, Rules::receiveBuffer),
    SO_SNDBUF(1, 7, BYTES, s -> bytes(s.sendBufferSize()), StandardSocketOptions.SO_SNDBUF, Rules::sendBuffer),
    TCP_NODELAY(6, 1, FLAG, s -> flag(s.tcpNoDelay()), StandardSocketOptions.TCP_NODELAY, Rules::exact),
    SO_KEEPALIVE(1, 9, FLAG, s -> flag(s.tcpKeepAlive()), StandardSocketOptions.SO_KEEPALIVE, Rules::exact),
    TCP_KEEPIDLE(
            6,
            4,
            SECONDS,
            s -> seconds(s.tcpKeepAliveIdle()),
            ExtendedSocketOptions.TCP_KEEPIDLE,
            Rules::keepAliveTimer),
    TCP_KEEPINTVL(
            6,
            5,
            SECONDS,
            s -> seconds(s.tcpKeepAliveInterval()),
            ExtendedSocketOptions.TCP_KEEPINTERVAL,
            Rules::keepAliveTimer),
    TCP_KEEPCNT(
            6,
            6,
            PROBES,
            s -> number(s.tcpKeepAliveCount()),
            ExtendedSocketOptions.TCP_KEEPCOUNT,
            Rules::keepAliveTimer),
    SO_LINGER(1, 13, SECONDS, s -> seconds(s.soLinger()), StandardSocketOptions.SO_LINGER, Rules::linger),
    TCP_USER_TIMEOUT(6, 18, MILLISECONDS, s -> s.tcpUserTimeout().map(Duration::toMillis), null, Rules::exact),
    TCP_QUICKACK(6, 12, FLAG, s -> flag(s.tcpQuickAck()), ExtendedSocketOptions.TCP_QUICKACK, Rules::quickAck),
    TCP_CORK(6, 3, FLAG, s -> flag(s.tcpCork()), null, Rules::exact),
    TCP_FASTOPEN(
            "TCP_FASTOPEN",
            6,
            23,
            CONNECTIONS,
            EnumSet.of(LISTENER),
            s -> number(s.tcpFastOpen()),
            null,
            Rules::fastOpen),
    TCP_DEFER_ACCEPT(
            "TCP_DEFER_ACCEPT",
            6,
            9,
            SECONDS,
            EnumSet.of(LISTENER),
            s -> seconds(s.tcpDeferAccept()),
            null,
            Rules::deferAccept),
    IP_TOS(0, 1, NUMBER, s -> number(s.trafficClass()), StandardSocketOptions.IP_TOS, Rules::trafficClass),
    IPV6_TCLASS(41, 67, NUMBER, s -> number(s.trafficClass()), null, Rules::trafficClass),
    IPV6_V6ONLY(41, 26, FLAG, s -> Optional.empty(), null, Rules::exact),
    TCP_MAXSEG(6, 2, BYTES, s -> number(s.tcpMaxSegment()), null, Rules::maxSegment),
    TCP_NOTSENT_LOWAT(6, 25, BYTES, s -> bytes(s.tcpNotSentLowWater()), null, Rules::exact),
    TCP_CONGESTION(6, 13, TEXT, SocketSettings::tcpCongestion, null, Rules::exact),
    TCP_WINDOW_CLAMP(6, 10, BYTES, s -> bytes(s.tcpWindowClamp()), null, Rules::windowClamp),
    TCP_SYNCNT(6, 7, PROBES, s -> Optional.empty(), null, Rules::exact),
    TCP_LINGER2(6, 8, SECONDS, s -> seconds(s.tcpLinger2()), null, Rules::linger2),
    SO_PRIORITY(1, 12, NUMBER, s -> number(s.priority()), null, Rules::exact),
    SO_MARK(1, 36, NUMBER, s -> Optional.empty(), null, Rules::exact),
    SO_RCVLOWAT(1, 18, BYTES, s -> Optional.empty(), null, Rules::exact),
    SO_BUSY_POLL(1, 46, MICROSECONDS, s -> Optional.empty(), null, Rules::exact),
    SO_INCOMING_CPU(1, 49, NUMBER, s -> Optional.empty(), null, Rules::exact),
    IP_TTL(0, 2, HOPS, s -> number(s.timeToLive()), null, Rules::exact),
    IP_FREEBIND(0, 15, FLAG, s -> flag(s.freeBind()), null, Rules::exact),
    IP_TRANSPARENT(0, 19, FLAG, s -> Optional.empty(), null, Rules::exact),
    SO_TYPE(1, 3, NUMBER, s -> Optional.empty(), null, Rules::exact),
    SO_PROTOCOL(1, 38, NUMBER, s -> Optional.empty(), null, Rules::exact),
    SO_DOMAIN(1, 39, NUMBER, s -> Optional.empty(), null, Rules::exact),
    O_NONBLOCK(-1, -1, FLAG, s -> Optional.empty(), null, Rules::exact);

    private final String kernelName;
    private final int level;
    private final int number;
    private final Unit unit;
    private final Set<Role> roles;
    private final Function<SocketSettings, Object> asked;
    private final java.net.SocketOption<?> jdk;
    private final Rules.Rule rule;

    SocketOption(
            int level,
            int number,
            Unit unit,
            Function<SocketSettings, Object> asked,
            java.net.SocketOption<?> jdk,
            Rules.Rule rule) {
        this(null, level, number, unit, EnumSet.allOf(Role.class), asked, jdk, rule);
    }

    SocketOption(
            String kernelName,
            int level,
            int number,
            Unit unit,
            Set<Role> roles,
            Function<SocketSettings, Object> asked,
            java.net.SocketOption<?> jdk,
            Rules.Rule rule) {
        this.kernelName = kernelName == null ? name() : kernelName;
        this.level = level;
        this.number = number;
        this.unit = unit;
        this.roles = roles;
        this.asked = asked;
        this.jdk = jdk;
        this.rule = rule;
    }

    /** The kernel's name, as reports and metrics use it. */
    public String kernelName() {
        return kernelName;
    }

    public Unit unit() {
        return unit;
    }

    int level() {
        return level;
    }

    int number() {
        return number;
    }

    java.net.SocketOption<?> jdk() {
        return jdk;
    }

    boolean hasNumber() {
        return level >= 0;
    }

    boolean appliesTo(Role role, boolean ipv6) {
        return roles.contains(role) && (ipv6 || level != 41);
    }

    /** The value asked for, a {@link Long} or a {@link String}; null when the kernel's value is to be left. */
    Object requested(SocketSettings settings) {
        Object value = asked.apply(settings);
        if (value instanceof Optional<?> optional) {
            value = optional.orElse(null);
        }
        return value instanceof Integer number ? Long.valueOf(number) : value;
    }

    Verdict judge(Rules.Case facts) {
        return rule.judge(facts);
    }

    private static Object flag(boolean on) {
        return on ? 1L : 0L;
    }

    private static Object flag(Optional<Boolean> on) {
        return on.map(SocketOption::flag);
    }

    private static Object number(Optional<Integer> number) {
        return number;
    }

    private static Object bytes(Optional<MemorySize> size) {
        return size.map(MemorySize::asLongValue);
    }

    private static Object seconds(Optional<Duration> time) {
        return time.map(Duration::toSeconds);
    }
}
