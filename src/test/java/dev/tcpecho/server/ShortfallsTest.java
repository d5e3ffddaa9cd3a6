package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator is told at the start, and whether there is one. */
class ShortfallsTest {
    @ParameterizedTest
    @CsvSource({
        "receive-buffer-size=512M, SO_RCVBUF, 'of what was asked, since net.core.rmem_max on the node is ', rmem_max",
        "accept-backlog=1000000, backlog, 'of what was asked, since net.core.somaxconn is ', net.core.somaxconn",
        "tcp-linger2=121S, TCP_LINGER2, reduced (clamped), what the kernel keeps",
        "tcp-keep-alive-idle=60S, TCP_KEEPIDLE, inert (needs-keepalive), echo.socket.tcp-keep-alive=true",
        "traffic-class=187, IP_TOS, reduced (ecn-masked), a multiple of 4",
        "tcp-congestion=nosuch, TCP_CONGESTION, ignored (refused), CAP_NET_ADMIN",
        "tcp-defer-accept=40000S, TCP_DEFER_ACCEPT, reduced (clamped), echo.socket.tcp-defer-accept"
    })
    void aLineSaysWhatAndWhyAndWhereTheStartFailsWhatToDo(String property, String what, String why, String remedy) {
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.socket." + property)) {
            assertThat(Shortfalls.withAdvice(echo.listener()))
                    .singleElement()
                    .asString()
                    .startsWith("listener default: " + what + " is ")
                    .contains(why, "asked for ", ", got ", ". To do: ", remedy);
            assertThat(Shortfalls.briefly(echo.service().listeners()))
                    .singleElement()
                    .asString()
                    .startsWith("listener default: " + what + " is ")
                    .contains(why, ": asked for ", ", got ")
                    .hasSizeLessThan(160);
        }
    }

    @Test
    void whatListenersHaveInCommonIsSaidOnce() {
        try (RunningEcho echo = RunningEcho.start(
                Transports.EPOLL,
                "echo.max-connections=100",
                "echo.socket.tcp-linger2=121S",
                "echo.listeners.a.port=0",
                "echo.listeners.a.max-connections=100",
                "echo.listeners.a.socket.tcp-linger2=121S",
                "echo.listeners.b.port=0",
                "echo.listeners.b.max-connections=100",
                "echo.listeners.b.socket.tcp-linger2=122S")) {
            assertThat(Shortfalls.briefly(echo.service().listeners()))
                    .containsExactly(
                            "listener default, a: TCP_LINGER2 is reduced (clamped): asked for 121, got 120",
                            "listener b: TCP_LINGER2 is reduced (clamped): asked for 122, got 120");
        }
    }

    @Test
    void aTransportThatCannotIsNamed() {
        try (RunningEcho echo = RunningEcho.start(Transports.NIO, "echo.socket.tcp-user-timeout=1S")) {
            assertThat(Shortfalls.withAdvice(echo.listener()))
                    .singleElement()
                    .asString()
                    .contains("TCP_USER_TIMEOUT is ignored (transport)", "prefer-native-transport");
        }
    }

    @Test
    void doublingIsNoShortfall() {
        try (RunningEcho echo = RunningEcho.start(
                Transports.EPOLL,
                "echo.shortfall=fail",
                "echo.socket.receive-buffer-size=65536",
                "echo.socket.send-buffer-size=65536",
                "echo.socket.tcp-max-segment=1400",
                "echo.socket.tcp-window-clamp=512M",
                "echo.socket.tcp-defer-accept=5S")) {
            assertThat(Shortfalls.withAdvice(echo.listener())).isEmpty();
        }
    }

    @Test
    void failStopsTheStartAndNamesAllThatMatters() {
        assertThatThrownBy(() -> RunningEcho.start(
                        Transports.EPOLL, "echo.shortfall=fail", "echo.socket.receive-buffer-size=512M"))
                .isInstanceOf(StartException.class)
                .hasMessageContainingAll("SO_RCVBUF", "asked for 536870912", "got ", "net.core.rmem_max");
    }

    @Test
    void offStartsAllTheSame() {
        try (RunningEcho echo =
                RunningEcho.start(Transports.EPOLL, "echo.shortfall=off", "echo.socket.receive-buffer-size=512M")) {
            assertThat(echo.service().state()).isEqualTo(ServiceState.SERVING);
        }
    }
}
