package dev.tcpecho.option;

import static dev.tcpecho.option.Unit.BYTES;
import static dev.tcpecho.option.Unit.CONNECTIONS;
import static dev.tcpecho.option.Unit.FLAG;
import static dev.tcpecho.option.Unit.HOPS;
import static dev.tcpecho.option.Unit.MICROSECONDS;
import static dev.tcpecho.option.Unit.MILLISECONDS;
import static dev.tcpecho.option.Unit.NUMBER;
import static dev.tcpecho.option.Unit.PROBES;
import static dev.tcpecho.option.Unit.SECONDS;
import static dev.tcpecho.option.Unit.TEXT;

import dev.tcpecho.kernel.Sysctl;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;

/**
 * The catalogue: a row per socket option, with its Linux level and number (asm-generic/socket.h, tcp.h, in.h, in6.h),
 * how it is asked for, how the JDK names it, the rule that explains a difference, and the rule that explains a value
 * nobody asked for. Adding an option is adding a row.
 */
public enum SocketOption {
    BACKLOG(
            Level.NONE,
            0,
            CONNECTIONS,
            On.LISTENERS,
            asked("accept-backlog", SocketSettings::acceptBacklog),
            null,
            Rules::backlog,
            Unasked::plain),
    SO_REUSEADDR(
            Level.SOCKET,
            2,
            FLAG,
            On.BOTH,
            asked("reuse-address", SocketSettings::reuseAddress),
            StandardSocketOptions.SO_REUSEADDR,
            Rules::exact,
            Unasked::plain),
    SO_REUSEPORT(
            Level.SOCKET,
            15,
            FLAG,
            On.BOTH,
            asked("reuse-port", SocketSettings::reusePort),
            StandardSocketOptions.SO_REUSEPORT,
            Rules::exact,
            Unasked::plain),
    SO_RCVBUF(
            Level.SOCKET,
            8,
            BYTES,
            On.BOTH,
            asked("receive-buffer-size", SocketSettings::receiveBufferSize),
            StandardSocketOptions.SO_RCVBUF,
            BufferRules::receive,
            BufferRules::unasked),
    SO_SNDBUF(
            Level.SOCKET,
            7,
            BYTES,
            On.BOTH,
            asked("send-buffer-size", SocketSettings::sendBufferSize),
            StandardSocketOptions.SO_SNDBUF,
            BufferRules::send,
            BufferRules::unasked),
    TCP_NODELAY(
            Level.TCP,
            1,
            FLAG,
            On.BOTH,
            asked("tcp-no-delay", SocketSettings::tcpNoDelay),
            StandardSocketOptions.TCP_NODELAY,
            Rules::exact,
            Unasked::plain),
    SO_KEEPALIVE(
            Level.SOCKET,
            9,
            FLAG,
            On.BOTH,
            asked("tcp-keep-alive", SocketSettings::tcpKeepAlive),
            StandardSocketOptions.SO_KEEPALIVE,
            Rules::exact,
            Unasked::plain),
    TCP_KEEPIDLE(
            Level.TCP,
            4,
            SECONDS,
            On.BOTH,
            asked("tcp-keep-alive-idle", SocketSettings::tcpKeepAliveIdle),
            ExtendedSocketOptions.TCP_KEEPIDLE,
            Rules::keepAliveTimer,
            Unasked.sysctl(Sysctl.TCP_KEEPALIVE_TIME)),
    TCP_KEEPINTVL(
            Level.TCP,
            5,
            SECONDS,
            On.BOTH,
            asked("tcp-keep-alive-interval", SocketSettings::tcpKeepAliveInterval),
            ExtendedSocketOptions.TCP_KEEPINTERVAL,
            Rules::keepAliveTimer,
            Unasked.sysctl(Sysctl.TCP_KEEPALIVE_INTVL)),
    TCP_KEEPCNT(
            Level.TCP,
            6,
            PROBES,
            On.BOTH,
            asked("tcp-keep-alive-count", SocketSettings::tcpKeepAliveCount),
            ExtendedSocketOptions.TCP_KEEPCOUNT,
            Rules::keepAliveTimer,
            Unasked.sysctl(Sysctl.TCP_KEEPALIVE_PROBES)),
    SO_LINGER(
            Level.SOCKET,
            13,
            SECONDS,
            On.BOTH,
            asked("so-linger", SocketSettings::soLinger),
            StandardSocketOptions.SO_LINGER,
            Rules::linger,
            Unasked::linger),
    TCP_USER_TIMEOUT(
            Level.TCP,
            18,
            MILLISECONDS,
            On.BOTH,
            asked("tcp-user-timeout", s -> s.tcpUserTimeout().map(Duration::toMillis)),
            null,
            Rules::exact,
            Unasked::plain),
    /** listen() resets it, so a listening socket has none to show. */
    TCP_QUICKACK(
            Level.TCP,
            12,
            FLAG,
            On.CONNECTIONS,
            asked("tcp-quick-ack", SocketSettings::tcpQuickAck),
            ExtendedSocketOptions.TCP_QUICKACK,
            Rules::quickAck,
            Unasked::quickAck),
    TCP_CORK(
            Level.TCP,
            3,
            FLAG,
            On.BOTH,
            asked("tcp-cork", SocketSettings::tcpCork),
            null,
            Rules::exact,
            Unasked::plain),
    TCP_FASTOPEN(
            Level.TCP,
            23,
            CONNECTIONS,
            On.LISTENERS,
            asked("tcp-fast-open", SocketSettings::tcpFastOpen),
            null,
            Rules::fastOpen,
            Unasked::plain),
    TCP_DEFER_ACCEPT(
            Level.TCP,
            9,
            SECONDS,
            On.LISTENERS,
            asked("tcp-defer-accept", SocketSettings::tcpDeferAccept),
            null,
            Rules::deferAccept,
            Unasked::plain),
    IP_TOS(
            Level.IP,
            1,
            NUMBER,
            On.BOTH,
            asked("traffic-class", SocketSettings::trafficClass),
            StandardSocketOptions.IP_TOS,
            Rules::trafficClass,
            Unasked::plain),
    IPV6_TCLASS(
            Level.IPV6,
            67,
            NUMBER,
            On.BOTH,
            asked("traffic-class", SocketSettings::trafficClass),
            StandardSocketOptions.IP_TOS,
            Rules::trafficClass,
            Unasked::plain),
    IPV6_V6ONLY(Level.IPV6, 26, FLAG, On.LISTENERS, Request.NONE, null, Rules::exact, Unasked::v6Only),
    TCP_MAXSEG(
            Level.TCP,
            2,
            BYTES,
            On.BOTH,
            asked("tcp-max-segment", SocketSettings::tcpMaxSegment),
            null,
            Rules::maxSegment,
            Unasked::maxSegment),
    TCP_NOTSENT_LOWAT(
            Level.TCP,
            25,
            BYTES,
            On.BOTH,
            asked("tcp-not-sent-low-water", SocketSettings::tcpNotSentLowWater),
            null,
            Rules::exact,
            Unasked::notSentLowWater),
    TCP_CONGESTION(
            Level.TCP,
            13,
            TEXT,
            On.BOTH,
            asked("tcp-congestion", SocketSettings::tcpCongestion),
            null,
            Rules::exact,
            Unasked.sysctl(Sysctl.TCP_CONGESTION)),
    TCP_WINDOW_CLAMP(
            Level.TCP,
            10,
            BYTES,
            On.BOTH,
            asked("tcp-window-clamp", SocketSettings::tcpWindowClamp),
            null,
            BufferRules::windowClamp,
            BufferRules::windowClampUnasked),
    TCP_SYNCNT(Level.TCP, 7, PROBES, On.BOTH, Request.NONE, null, Rules::exact, Unasked.sysctl(Sysctl.TCP_SYN_RETRIES)),
    TCP_LINGER2(
            Level.TCP,
            8,
            SECONDS,
            On.BOTH,
            asked("tcp-linger2", SocketSettings::tcpLinger2),
            null,
            Rules::linger2,
            Unasked.sysctl(Sysctl.TCP_FIN_TIMEOUT)),
    /** A connection does not inherit it. */
    SO_PRIORITY(
            Level.SOCKET,
            12,
            NUMBER,
            On.BOTH,
            asked("priority", SocketSettings::priority),
            null,
            Rules::exact,
            Unasked::priority),
    SO_MARK(Level.SOCKET, 36, NUMBER, On.BOTH, asked("mark", SocketSettings::mark), null, Rules::exact, Unasked::plain),
    SO_RCVLOWAT(Level.SOCKET, 18, BYTES, On.BOTH, Request.NONE, null, Rules::exact, Unasked::plain),
    SO_BUSY_POLL(
            Level.SOCKET,
            46,
            MICROSECONDS,
            On.BOTH,
            Request.NONE,
            null,
            Rules::exact,
            Unasked.sysctl(Sysctl.BUSY_READ)),
    SO_INCOMING_CPU(Level.SOCKET, 49, NUMBER, On.BOTH, Request.NONE, null, Rules::exact, Unasked::incomingCpu),
    IP_TTL(
            Level.IP,
            2,
            HOPS,
            On.BOTH,
            asked("time-to-live", SocketSettings::timeToLive),
            null,
            Rules::exact,
            Unasked.sysctl(Sysctl.IP_DEFAULT_TTL)),
    IPV6_UNICAST_HOPS(
            Level.IPV6,
            16,
            HOPS,
            On.BOTH,
            asked("time-to-live", SocketSettings::timeToLive),
            null,
            Rules::exact,
            Unasked.sysctl(Sysctl.IPV6_HOP_LIMIT)),
    IP_FREEBIND(
            Level.IP,
            15,
            FLAG,
            On.BOTH,
            asked("free-bind", SocketSettings::freeBind),
            null,
            Rules::exact,
            Unasked::plain),
    IP_TRANSPARENT(Level.IP, 19, FLAG, On.BOTH, Request.NONE, null, Rules::exact, Unasked::plain),
    SO_TYPE(Level.SOCKET, 3, NUMBER, On.BOTH, Request.NONE, null, Rules::exact, Unasked::plain),
    SO_PROTOCOL(Level.SOCKET, 38, NUMBER, On.BOTH, Request.NONE, null, Rules::exact, Unasked::plain),
    SO_DOMAIN(Level.SOCKET, 39, NUMBER, On.BOTH, Request.NONE, null, Rules::exact, Unasked::plain),
    O_NONBLOCK(Level.NONE, 0, FLAG, On.BOTH, Request.NONE, null, Rules::exact, Unasked::nonBlocking);

    private final int level;
    private final int number;
    private final Unit unit;
    private final Set<Role> roles;
    private final Request request;
    private final java.net.SocketOption<?> jdk;
    private final Rules.Rule rule;
    private final Rules.Rule unasked;

    SocketOption(
            int level,
            int number,
            Unit unit,
            Set<Role> roles,
            Request request,
            java.net.SocketOption<?> jdk,
            Rules.Rule rule,
            Rules.Rule unasked) {
        this.level = level;
        this.number = number;
        this.unit = unit;
        this.roles = roles;
        this.request = request;
        this.jdk = jdk;
        this.rule = rule;
        this.unasked = unasked;
    }

    /** Levels of setsockopt(2). */
    private static final class Level {
        /** For what is no option of setsockopt(2). */
        static final int NONE = -1;

        static final int IP = 0;
        static final int SOCKET = 1;
        static final int TCP = 6;
        static final int IPV6 = 41;
    }

    private static final class On {
        static final Set<Role> BOTH = EnumSet.allOf(Role.class);
        static final Set<Role> LISTENERS = EnumSet.of(Role.LISTENER);
        static final Set<Role> CONNECTIONS = EnumSet.of(Role.ACCEPTED);
    }

    /** The kernel's name, as reports and metrics use it; the backlog has none. */
    public String kernelName() {
        return this == BACKLOG ? "backlog" : name();
    }

    public Unit unit() {
        return unit;
    }

    /**
     * The key below {@code echo.socket} or {@code echo.listeners.<name>.socket}; null for an option that is only read.
     */
    public String key() {
        return request.key();
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
        return level != Level.NONE;
    }

    public boolean appliesTo(boolean ipv6) {
        return ipv6 || level != Level.IPV6;
    }

    public boolean appliesTo(Role role, boolean ipv6) {
        return roles.contains(role) && appliesTo(ipv6);
    }

    /** The value asked for, a {@link Long} or a {@link String}; null when the kernel's value is to be left. */
    Object requested(SocketSettings settings) {
        return request.value(settings);
    }

    Verdict judge(Facts facts) {
        return facts.requested() == null ? unasked.judge(facts) : rule.judge(facts);
    }

    private static Request asked(String key, Function<SocketSettings, ?> setting) {
        return new Request(key, setting);
    }
}
