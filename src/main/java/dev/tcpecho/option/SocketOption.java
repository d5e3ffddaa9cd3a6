package dev.tcpecho.option;

import static dev.tcpecho.option.Column.asked;
import static dev.tcpecho.option.Column.from;
import static dev.tcpecho.option.Column.inJava;
import static dev.tcpecho.option.Column.kept;
import static dev.tcpecho.option.Column.known;
import static dev.tcpecho.option.Column.named;
import static dev.tcpecho.option.Column.only;
import static dev.tcpecho.option.Column.otherwise;
import static dev.tcpecho.option.Column.rule;
import static dev.tcpecho.option.Column.unasked;
import static dev.tcpecho.option.Column.under;
import static dev.tcpecho.option.Column.when;
import static dev.tcpecho.option.Level.IP;
import static dev.tcpecho.option.Level.IPV6;
import static dev.tcpecho.option.Level.NONE;
import static dev.tcpecho.option.Level.SOCKET;
import static dev.tcpecho.option.Level.TCP;
import static dev.tcpecho.option.Role.ACCEPTED;
import static dev.tcpecho.option.Role.LISTENER;
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
import dev.tcpecho.kernel.Sysctls;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;

/**
 * The catalogue: a row per socket option, with its Linux level and number (asm-generic/socket.h, tcp.h, in.h, in6.h)
 * and the {@linkplain Column columns} in which it differs from an option that is only read. Adding an option is adding
 * a row.
 */
// spotless:off
public enum SocketOption {
    BACKLOG          (NONE,    0, CONNECTIONS,  asked("accept-backlog", SocketSettings::acceptBacklog), named("backlog"), kept(Encoding.BACKLOG), only(LISTENER),
                                                when(Written.BY_LISTEN), rule(QueueRules::backlog), otherwise(QueueRules::leastOfBacklog),
                                                under(Sysctl.SOMAXCONN, Sysctl.TCP_MAX_SYN_BACKLOG, Sysctl.TCP_SYNCOOKIES)),
    SO_REUSEADDR     (SOCKET,  2, FLAG,         asked("reuse-address", SocketSettings::reuseAddress), known(StandardSocketOptions.SO_REUSEADDR, ChannelOption.SO_REUSEADDR)),
    SO_REUSEPORT     (SOCKET, 15, FLAG,         asked("reuse-port", SocketSettings::reusePort), known(StandardSocketOptions.SO_REUSEPORT, UnixChannelOption.SO_REUSEPORT)),
    SO_RCVBUF        (SOCKET,  8, BYTES,        asked("receive-buffer-size", SocketSettings::receiveBufferSize), known(StandardSocketOptions.SO_RCVBUF, ChannelOption.SO_RCVBUF),
                                                rule(BufferRules::receive), unasked(BufferRules::unaskedReceive),
                                                under(Sysctl.RMEM_MAX, Sysctl.TCP_RMEM, Sysctl.TCP_MODERATE_RCVBUF)),
    SO_SNDBUF        (SOCKET,  7, BYTES,        asked("send-buffer-size", SocketSettings::sendBufferSize), known(StandardSocketOptions.SO_SNDBUF, ChannelOption.SO_SNDBUF),
                                                rule(BufferRules::send), unasked(BufferRules::unaskedSend), under(Sysctl.WMEM_MAX, Sysctl.TCP_WMEM)),
    TCP_NODELAY      (TCP,     1, FLAG,         asked("tcp-no-delay", SocketSettings::tcpNoDelay), known(StandardSocketOptions.TCP_NODELAY, ChannelOption.TCP_NODELAY),
                                                when(Written.BOTH_WHEN_OFF)),
    SO_KEEPALIVE     (SOCKET,  9, FLAG,         asked("tcp-keep-alive", SocketSettings::tcpKeepAlive), known(StandardSocketOptions.SO_KEEPALIVE, ChannelOption.SO_KEEPALIVE)),
    SO_OOBINLINE     (SOCKET, 10, FLAG,         inJava("SO_OOBINLINE"), unasked(Unasked::urgentData)),
    TCP_KEEPIDLE     (TCP,     4, SECONDS,      asked("tcp-keep-alive-idle", SocketSettings::tcpKeepAliveIdle), inJava(ExtendedSocketOptions.TCP_KEEPIDLE),
                                                from(Sysctl.TCP_KEEPALIVE_TIME)),
    TCP_KEEPINTVL    (TCP,     5, SECONDS,      asked("tcp-keep-alive-interval", SocketSettings::tcpKeepAliveInterval), inJava(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                                                from(Sysctl.TCP_KEEPALIVE_INTVL)),
    TCP_KEEPCNT      (TCP,     6, PROBES,       asked("tcp-keep-alive-count", SocketSettings::tcpKeepAliveCount), inJava(ExtendedSocketOptions.TCP_KEEPCOUNT),
                                                from(Sysctl.TCP_KEEPALIVE_PROBES)),
    SO_LINGER        (SOCKET, 13, SECONDS,      asked("so-linger", SocketSettings::soLinger), known(StandardSocketOptions.SO_LINGER, ChannelOption.SO_LINGER),
                                                kept(Encoding.LINGER), rule(Rules::linger), unasked(Unasked::linger)),
    TCP_USER_TIMEOUT (TCP,    18, MILLISECONDS, asked("tcp-user-timeout", SocketSettings::tcpUserTimeout)),
    TCP_QUICKACK     (TCP,    12, FLAG,         asked("tcp-quick-ack", SocketSettings::tcpQuickAck), inJava(ExtendedSocketOptions.TCP_QUICKACK),
                                                only(ACCEPTED), when(Written.CONNECTIONS), rule(Rules::quickAck), unasked(Unasked::quickAck)),
    TCP_CORK         (TCP,     3, FLAG,         asked("tcp-cork", SocketSettings::tcpCork)),
    TCP_FASTOPEN     (TCP,    23, CONNECTIONS,  asked("tcp-fast-open", SocketSettings::tcpFastOpen), only(LISTENER), rule(QueueRules::fastOpen), unasked(Unasked::fastOpen),
                                                under(Sysctl.SOMAXCONN, Sysctl.TCP_FASTOPEN, Sysctl.TCP_SYNCOOKIES)),
    TCP_DEFER_ACCEPT (TCP,     9, SECONDS,      asked("tcp-defer-accept", SocketSettings::tcpDeferAccept), only(LISTENER), rule(QueueRules::deferAccept),
                                                under(Sysctl.TCP_SYNACK_RETRIES, Sysctl.TCP_SYNCOOKIES)),
    TCP_SAVE_SYN     (TCP,    27, FLAG,         asked("tcp-save-syn", SocketSettings::tcpSaveSyn)),
    IP_TOS           (IP,      1, NUMBER,       asked("traffic-class", SocketSettings::trafficClass), known(StandardSocketOptions.IP_TOS, ChannelOption.IP_TOS),
                                                rule(Rules::trafficClass), unasked(Unasked::trafficClass), under(Sysctl.TCP_REFLECT_TOS)),
    IPV6_TCLASS      (IPV6,   67, NUMBER,       asked("traffic-class", SocketSettings::trafficClass), inJava(StandardSocketOptions.IP_TOS),
                                                rule(Rules::trafficClass), unasked(Unasked::trafficClass), under(Sysctl.TCP_REFLECT_TOS)),
    IPV6_V6ONLY      (IPV6,   26, FLAG,         only(LISTENER), unasked(Unasked::v6Only), under(Sysctl.BINDV6ONLY)),
    TCP_MAXSEG       (TCP,     2, BYTES,        asked("tcp-max-segment", SocketSettings::tcpMaxSegment), rule(Rules::maxSegment), unasked(Unasked::maxSegment),
                                                under(Sysctl.TCP_MIN_SND_MSS)),
    TCP_NOTSENT_LOWAT(TCP,    25, BYTES,        asked("tcp-not-sent-low-water", SocketSettings::tcpNotSentLowWater),
                                                unasked(Unasked::notSentLowWater), under(Sysctl.TCP_NOTSENT_LOWAT)),
    TCP_CONGESTION   (TCP,    13, TEXT,         asked("tcp-congestion", SocketSettings::tcpCongestion), from(Sysctl.TCP_CONGESTION)),
    TCP_WINDOW_CLAMP (TCP,    10, BYTES,        asked("tcp-window-clamp", SocketSettings::tcpWindowClamp),
                                                rule(BufferRules::windowClamp), unasked(BufferRules::windowClampUnasked), under(Sysctl.TCP_RMEM, Sysctl.TCP_MODERATE_RCVBUF)),
    TCP_SYNCNT       (TCP,     7, PROBES,       from(Sysctl.TCP_SYN_RETRIES)),
    TCP_LINGER2      (TCP,     8, SECONDS,      asked("tcp-linger2", SocketSettings::tcpLinger2), rule(Rules::linger2), from(Sysctl.TCP_FIN_TIMEOUT)),
    SO_PRIORITY      (SOCKET, 12, NUMBER,       asked("priority", SocketSettings::priority), when(Written.BOTH), unasked(Unasked::priority)),
    SO_MARK          (SOCKET, 36, NUMBER,       asked("mark", SocketSettings::mark), unasked(Unasked::mark), under(Sysctl.TCP_FWMARK_ACCEPT)),
    SO_RCVLOWAT      (SOCKET, 18, BYTES),
    SO_BUSY_POLL     (SOCKET, 46, MICROSECONDS, from(Sysctl.BUSY_READ)),
    SO_INCOMING_CPU  (SOCKET, 49, NUMBER,       unasked(Unasked::incomingCpu)),
    IP_TTL           (IP,      2, HOPS,         asked("time-to-live", SocketSettings::timeToLive), from(Sysctl.IP_DEFAULT_TTL)),
    IPV6_UNICAST_HOPS(IPV6,   16, HOPS,         asked("time-to-live", SocketSettings::timeToLive), from(Sysctl.IPV6_HOP_LIMIT)),
    IP_FREEBIND      (IP,     15, FLAG,         asked("free-bind", SocketSettings::freeBind), under(Sysctl.IP_NONLOCAL_BIND, Sysctl.IPV6_NONLOCAL_BIND)),
    IP_TRANSPARENT   (IP,     19, FLAG),
    SO_TYPE          (SOCKET,  3, NUMBER),
    SO_PROTOCOL      (SOCKET, 38, NUMBER),
    SO_DOMAIN        (SOCKET, 39, NUMBER),
    O_NONBLOCK       (NONE,    0, FLAG,         kept(Encoding.FILE_FLAG), unasked(Unasked::nonBlocking), otherwise((asked, sysctls) -> OptionValue.of(1)));
    // spotless:on

    private final Level level;
    private final int number;
    private final Unit unit;
    private final Column.Row row;

    SocketOption(Level level, int number, Unit unit, Column... columns) {
        this.level = level;
        this.number = number;
        this.unit = unit;
        this.row = new Column.Row(name(), unit, columns);
    }

    /** The kernel's name, as reports and metrics use it; the backlog has none. */
    public String kernelName() {
        return row.kernelName;
    }

    public Unit unit() {
        return unit;
    }

    /**
     * The key below {@code echo.socket} or {@code echo.listeners.<name>.socket}; null for an option that is only read.
     */
    public String key() {
        return row.request.key();
    }

    /** The sysctls that have a say in this option. */
    public List<Sysctl> governors() {
        return row.governors;
    }

    /** The options, by their kernel names, in which a sysctl has a say. */
    public static List<String> governedBy(Sysctl sysctl) {
        return Stream.of(values())
                .filter(option -> option.row.governors.contains(sysctl))
                .map(SocketOption::kernelName)
                .toList();
    }

    public boolean appliesTo(boolean ipv6) {
        return ipv6 || level != IPV6;
    }

    public boolean appliesTo(Role role, boolean ipv6) {
        return row.roles.contains(role) && appliesTo(ipv6);
    }

    /** Whether it says nothing of a connection of this family. */
    public boolean isOfOtherFamily(boolean ipv6) {
        return level == (ipv6 ? IP : IPV6);
    }

    Level level() {
        return level;
    }

    int number() {
        return number;
    }

    /** Whether setsockopt(2) knows it. */
    boolean hasNumber() {
        return level != NONE;
    }

    Encoding encoding() {
        return row.encoding;
    }

    Written written() {
        return row.written;
    }

    java.net.SocketOption<?> jdk() {
        return row.jdk;
    }

    ChannelOption<?> netty() {
        return row.netty;
    }

    /** The value asked for; null when the kernel's value is to be left. */
    OptionValue requested(SocketSettings settings) {
        return row.request.value(settings, unit);
    }

    /** What can be concluded where nothing can be read; null for most. */
    OptionValue concluded(OptionValue asked, Sysctls atListen) {
        return row.concluded.apply(asked, atListen);
    }

    Verdict judge(Facts facts) {
        return facts.requested() == null ? row.unasked.judge(facts) : row.rule.judge(facts);
    }
}
