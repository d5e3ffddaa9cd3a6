package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.kernel.Sysctl;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.OptionValue;
import dev.tcpecho.option.Reason;
import dev.tcpecho.option.SocketOption;
import dev.tcpecho.option.Status;
import dev.tcpecho.server.Listener;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Ss;
import dev.tcpecho.testing.Transports;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is reported, against what ss and /proc say of the same live sockets. */
class EffectiveOptionsTest {
    /** The kernel keeps what was asked, and goes by something else: Overruling. */
    private static final Set<SocketOption> KEPT_AND_OVERRULED =
            Set.of(SocketOption.TCP_WINDOW_CLAMP, SocketOption.TCP_KEEPCNT);

    @ParameterizedTest
    @CsvSource({
        "1, 2304, RAISED",
        "1151, 2304, RAISED",
        "1152, 2304, HONOURED",
        "65536, 131072, HONOURED",
        "1073741823, 0, REDUCED"
    })
    void receiveBuffers(long asked, long effective, Status status) {
        try (RunningEcho echo = RunningEcho.start(
                        Transports.EPOLL, "echo.mode=stream", "echo.socket.receive-buffer-size=" + asked);
                Peer peer = echo.connect()) {
            peer.send("x").expect("x");
            long expected =
                    effective > 0 ? effective : 2 * Sysctl.RMEM_MAX.number().orElseThrow();
            OptionReading reading = listening(echo, SocketOption.SO_RCVBUF);
            assertThat(reading.effective()).isEqualTo(OptionValue.of(expected));
            assertThat(reading.verdict().status()).isEqualTo(status);
            assertThat(Ss.listening(echo.address()).rb()).isEqualTo(expected);
            assertThat(effective(accepted(echo, SocketOption.SO_RCVBUF))).isEqualTo(expected);
            assertThat(accepted(echo, peer).rb()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 4608, RAISED", "2304, 4608, HONOURED", "65536, 131072, HONOURED", "1073741823, 0, REDUCED"})
    void sendBuffers(long asked, long effective, Status status) {
        try (RunningEcho echo = RunningEcho.start(
                        Transports.EPOLL, "echo.mode=stream", "echo.socket.send-buffer-size=" + asked);
                Peer peer = echo.connect()) {
            peer.send("x").expect("x");
            long expected =
                    effective > 0 ? effective : 2 * Sysctl.WMEM_MAX.number().orElseThrow();
            assertThat(listening(echo, SocketOption.SO_SNDBUF).effective()).isEqualTo(OptionValue.of(expected));
            assertThat(listening(echo, SocketOption.SO_SNDBUF).verdict().status())
                    .isEqualTo(status);
            assertThat(accepted(echo, peer).tb()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theJdkShowsHalfOfWhatTheKernelKeeps(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.socket.receive-buffer-size=65536")) {
            OptionReading reading = listening(echo, SocketOption.SO_RCVBUF);
            boolean nio = transport == Transports.NIO;
            assertThat(reading.effective()).isEqualTo(OptionValue.of(nio ? 65536L : 131072L));
            assertThat(reading.verdict().reason()).isEqualTo(nio ? Reason.HALVED : Reason.DOUBLED);
            assertThat(Ss.listening(echo.address()).rb()).isEqualTo(131072);
        }
    }

    @ParameterizedTest
    @EnumSource
    void backlogAboveAndBelowTheLimit(Transports transport) {
        long most = Sysctl.SOMAXCONN.number().orElseThrow();
        for (long asked : new long[] {1, most, most + 1, 1_000_000}) {
            try (RunningEcho echo = RunningEcho.start(transport, "echo.socket.accept-backlog=" + asked)) {
                OptionReading reading = listening(echo, SocketOption.BACKLOG);
                assertThat(reading.effective()).isEqualTo(OptionValue.of(Math.min(asked, most)));
                assertThat(reading.verdict().status()).isEqualTo(asked > most ? Status.REDUCED : Status.HONOURED);
                assertThat(Ss.listening(echo.address()).sendQ()).isEqualTo(Math.min(asked, most));
                ListeningSocket socket = echo.listener().sockets().get(0);
                assertThat(socket.acceptQueue().max()).isEqualTo(Math.min(asked, most));
                assertThat(socket.acceptQueue().isMaxComputed()).isEqualTo(transport == Transports.NIO);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3", "5, 7", "10, 15", "30, 31", "60, 63", "64, 127", "200, 247"})
    void deferAcceptIsRounded(long asked, long effective) {
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.socket.tcp-defer-accept=" + asked + "S")) {
            assertThat(effective(listening(echo, SocketOption.TCP_DEFER_ACCEPT)))
                    .isEqualTo(effective);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void everythingThatCanBeAskedForReachesBothRoles(String host) {
        boolean ipv6 = host.contains(":");
        try (RunningEcho echo = RunningEcho.start(
                        Transports.EPOLL,
                        "echo.mode=stream",
                        "echo.host=" + host,
                        "echo.socket.tcp-no-delay=false",
                        "echo.socket.tcp-keep-alive=true",
                        "echo.socket.tcp-keep-alive-idle=61S",
                        "echo.socket.tcp-keep-alive-interval=7S",
                        "echo.socket.tcp-keep-alive-count=5",
                        "echo.socket.tcp-user-timeout=12345MS",
                        "echo.socket.tcp-cork=false",
                        "echo.socket.tcp-quick-ack=true",
                        "echo.socket.so-linger=9S",
                        "echo.socket.traffic-class=184",
                        "echo.socket.tcp-max-segment=1400",
                        "echo.socket.tcp-not-sent-low-water=16384",
                        "echo.socket.tcp-congestion=reno",
                        "echo.socket.tcp-window-clamp=32768",
                        "echo.socket.tcp-linger2=33S",
                        "echo.socket.priority=3",
                        "echo.socket.time-to-live=77",
                        "echo.socket.free-bind=true");
                Peer peer = echo.connect()) {
            peer.send("x").expect("x");
            for (Collection<OptionReading> role : List.of(
                    echo.listener().sockets().get(0).options().readings(),
                    echo.listener().accepted())) {
                assertThat(role)
                        .filteredOn(reading -> reading.requested() != null)
                        .filteredOn(reading -> !KEPT_AND_OVERRULED.contains(reading.option()))
                        .allSatisfy(reading ->
                                assertThat(reading.verdict().status()).isEqualTo(Status.HONOURED));
                assertThat(role)
                        .filteredOn(reading -> KEPT_AND_OVERRULED.contains(reading.option()))
                        .hasSize(2)
                        .allSatisfy(reading ->
                                assertThat(reading.verdict().status()).isEqualTo(Status.INERT))
                        .allSatisfy(reading -> assertThat(reading.effective()).isEqualTo(reading.requested()));
                assertThat(value(role, SocketOption.TCP_USER_TIMEOUT)).isEqualTo(OptionValue.of(12345L));
                assertThat(value(role, SocketOption.SO_PRIORITY)).isEqualTo(OptionValue.of(3L));
                assertThat(value(role, ipv6 ? SocketOption.IPV6_TCLASS : SocketOption.IP_TOS))
                        .isEqualTo(OptionValue.of(184L));
                assertThat(value(role, ipv6 ? SocketOption.IPV6_UNICAST_HOPS : SocketOption.IP_TTL))
                        .isEqualTo(OptionValue.of(77L));
                assertThat(value(role, SocketOption.TCP_NODELAY)).isEqualTo(OptionValue.of(0L));
                assertThat(value(role, SocketOption.SO_DOMAIN)).isEqualTo(OptionValue.of(ipv6 ? 10L : 2L));
                assertThat(value(role, SocketOption.SO_TYPE)).isEqualTo(OptionValue.of(1L));
                assertThat(value(role, SocketOption.SO_PROTOCOL)).isEqualTo(OptionValue.of(6L));
                assertThat(value(role, SocketOption.O_NONBLOCK)).isEqualTo(OptionValue.of(1L));
            }
            Ss ss = accepted(echo, peer);
            assertThat(ss.shows("reno")).isTrue();
            assertThat(OptionValue.of(ss.number("mss:(\\d+)")))
                    .isEqualTo(value(echo.listener().accepted(), SocketOption.TCP_MAXSEG));
            assertThat(ss.shows("timer:\\(keepalive")).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void defaultsRaiseNoAlarm(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport)) {
            assertThat(echo.listener().sockets().get(0).options().readings())
                    .noneMatch(reading -> reading.verdict().status().isShortfall());
            assertThat(echo.listener().accepted())
                    .isNotEmpty()
                    .noneMatch(reading -> reading.verdict().status().isShortfall());
        }
    }

    @Test
    void nioSaysWhatItCannotDo() {
        try (RunningEcho echo = RunningEcho.start(
                Transports.NIO, "echo.socket.tcp-user-timeout=1S", "echo.socket.tcp-keep-alive-idle=60S")) {
            assertThat(accepted(echo, SocketOption.TCP_USER_TIMEOUT).verdict().status())
                    .isEqualTo(Status.IGNORED);
            assertThat(accepted(echo, SocketOption.TCP_KEEPIDLE).effective()).isEqualTo(OptionValue.of(60L));
            assertThat(listening(echo, SocketOption.TCP_NODELAY).verdict().reason())
                    .isEqualTo(Reason.TRANSPORT);
            assertThat(listening(echo, SocketOption.SO_MARK).verdict().status()).isEqualTo(Status.UNREADABLE);
            assertThat(listening(echo, SocketOption.BACKLOG).verdict().reason()).isEqualTo(Reason.COMPUTED);
            assertThat(listening(echo, SocketOption.O_NONBLOCK).verdict().reason())
                    .isEqualTo(Reason.COMPUTED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoListenersKeepTheirOwn(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(
                transport,
                "echo.max-connections=100",
                "echo.listeners.big.max-connections=100",
                "echo.socket.receive-buffer-size=65536",
                "echo.listeners.big.port=0",
                "echo.listeners.big.socket.receive-buffer-size=1M",
                "echo.listeners.big.socket.accept-backlog=7")) {
            Listener big = echo.service().listeners().get(1);
            InetSocketAddress address = big.sockets().get(0).address();
            assertThat(Ss.listening(echo.address()).rb()).isEqualTo(131072);
            assertThat(Ss.listening(address).rb()).isEqualTo(2 << 20);
            assertThat(Ss.listening(address).sendQ()).isEqualTo(7);
            long shown = number(value(big.sockets().get(0).options().readings(), SocketOption.SO_RCVBUF));
            assertThat(shown).isEqualTo(transport == Transports.NIO ? 1 << 20 : 2 << 20);
        }
    }

    @Test
    void aValueThatTheKernelRefusesIsIgnored() {
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.socket.tcp-congestion=nosuch")) {
            OptionReading reading = listening(echo, SocketOption.TCP_CONGESTION);
            assertThat(reading.verdict().status()).isEqualTo(Status.IGNORED);
            assertThat(reading.verdict().reason()).isEqualTo(Reason.REFUSED);
            assertThat(reading.effective()).isEqualTo(OptionValue.of(Sysctl.TCP_CONGESTION.text()));
        }
    }

    private static OptionReading listening(RunningEcho echo, SocketOption option) {
        return echo.listener().sockets().get(0).options().reading(option).orElseThrow();
    }

    private static OptionReading accepted(RunningEcho echo, SocketOption option) {
        return echo.listener().accepted().stream()
                .filter(reading -> reading.option() == option)
                .findFirst()
                .orElseThrow();
    }

    private static OptionValue value(Collection<OptionReading> readings, SocketOption option) {
        return readings.stream()
                .filter(reading -> reading.option() == option)
                .findFirst()
                .orElseThrow()
                .effective();
    }

    private static long effective(OptionReading reading) {
        return number(reading.effective());
    }

    private static long number(OptionValue value) {
        return value.asNumber().orElseThrow();
    }

    /** The kernel may show the connection a moment later than the peer does. */
    private static Ss accepted(RunningEcho echo, Peer peer) {
        await().until(() ->
                Ss.accepted(echo.address(), peer.socket().getLocalPort()).shows("ESTAB"));
        return Ss.accepted(echo.address(), peer.socket().getLocalPort());
    }
}
