package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.option.ConnectionSocket;
import dev.tcpecho.option.OptionValue;
import dev.tcpecho.option.SocketOption;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Ss;
import dev.tcpecho.testing.Transports;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Live connections, against what ss says of them. */
class OpenConnectionTest {
    @ParameterizedTest
    @EnumSource
    void theOldestComeFirstAndNoMoreThanAskedFor(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream")) {
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                peers.add(echo.connect().send("x").expect("x"));
            }
            peers.remove(4).close();
            await().until(() -> echo.listener().traffic().active() == 8);
            assertThat(OpenConnection.oldest(echo.service().listeners(), 1000))
                    .extracting(each -> each.socket().remote().getPort())
                    .containsExactlyElementsOf(peers.stream()
                            .map(peer -> peer.socket().getLocalPort())
                            .toList());
            assertThat(OpenConnection.oldest(echo.service().listeners(), 3))
                    .extracting(each -> each.socket().remote().getPort())
                    .containsExactlyElementsOf(peers.subList(0, 3).stream()
                            .map(peer -> peer.socket().getLocalPort())
                            .toList());
            peers.forEach(Peer::close);
        }
    }

    @Test
    void figuresAreThoseOfTheKernel() {
        byte[] bytes = new byte[200_000];
        try (RunningEcho echo =
                        RunningEcho.start(Transports.EPOLL, "echo.mode=stream", "echo.socket.traffic-class=16");
                Peer peer = echo.connect()) {
            peer.send(bytes).expect(bytes);
            await().until(() ->
                    Ss.accepted(echo.address(), peer.socket().getLocalPort()).shows("ESTAB"));
            OpenConnection open =
                    OpenConnection.oldest(echo.service().listeners(), 1).get(0);
            Ss ss = Ss.accepted(echo.address(), peer.socket().getLocalPort());
            TcpInfo info = open.socket().tcpInfo();
            assertThat(open.received()).isEqualTo(200_000).isEqualTo(ss.number("bytes_received:(\\d+)"));
            assertThat(open.sent()).isEqualTo(200_000).isEqualTo(ss.number("bytes_sent:(\\d+)") - ss.retransmitted());
            assertThat(open.pending()).isZero();
            assertThat(open.writeState()).isEqualTo(OpenConnection.WriteState.IDLE);
            assertThat(open.age()).isPositive();
            assertThat(open.socket().local()).isEqualTo(echo.address());
            assertThat(open.socket().remote()).isEqualTo(peer.socket().getLocalSocketAddress());
            assertThat(open.socket().receiveBuffer()).isEqualTo(ss.rb());
            assertThat(open.socket().sendBuffer()).isEqualTo(ss.tb());
            assertThat(info.state()).isEqualTo("ESTABLISHED");
            assertThat(info.sendMss()).isEqualTo(ss.number(" mss:(\\d+)"));
            assertThat(info.receiveMss()).isEqualTo(ss.number("rcvmss:(\\d+)"));
            assertThat(info.congestionWindow()).isEqualTo(ss.number("cwnd:(\\d+)"));
            assertThat(info.rtt() / 1000).isEqualTo(ss.number(" rtt:(\\d+)"));
            assertThat(open.socket().differences())
                    .filteredOn(each -> each.option() == SocketOption.SO_SNDBUF)
                    .singleElement()
                    .satisfies(each -> assertThat(each.effective()).isEqualTo(OptionValue.of(ss.tb())))
                    .satisfies(each -> assertThat(each.listener()).isNotEqualTo(each.effective()));
            assertThat(open.socket().differences()).noneMatch(each -> each.option() == SocketOption.IP_TOS);
        }
    }

    @Test
    void aPeerThatDoesNotReadPausesItsConnection() {
        byte[] much = new byte[32 << 20];
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.mode=stream");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            Thread sending = new Thread(() -> peer.trySend(much));
            sending.start();
            await().until(() -> OpenConnection.oldest(echo.service().listeners(), 1).stream()
                    .anyMatch(each -> each.writeState() == OpenConnection.WriteState.PAUSED));
            OpenConnection open =
                    OpenConnection.oldest(echo.service().listeners(), 1).get(0);
            assertThat(open.pending()).isPositive().isLessThan(much.length);
            assertThat(open.received() - open.sent()).isEqualTo(open.pending());
            peer.reset();
        }
    }

    @Test
    void onceJoinsReplyAndFinUnlessAskedNotTo() {
        assertThat(lingering("echo.mode=once"))
                .filteredOn(each -> each.option() == SocketOption.TCP_CORK)
                .singleElement()
                .satisfies(each -> assertThat(each.effective()).isEqualTo(OptionValue.of(1)));
        assertThat(lingering("echo.socket.tcp-cork=false")).noneMatch(each -> each.option() == SocketOption.TCP_CORK);
    }

    /** How a connection that was replied to and waits for its peer's FIN differs from its listener. */
    private static List<ConnectionSocket.Difference> lingering(String setting) {
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, setting);
                Peer peer = echo.connect()) {
            peer.send("x").expect("x").expectFin();
            return OpenConnection.oldest(echo.service().listeners(), 1)
                    .get(0)
                    .socket()
                    .differences();
        }
    }

    @ParameterizedTest
    @EnumSource
    void samplesGoRound(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream");
                Peer one = echo.connect();
                Peer other = echo.connect()) {
            one.send("x").expect("x");
            other.send("x").expect("x");
            for (int i = 0; i < 5; i++) {
                int expected = transport == Transports.EPOLL ? 1 : 0; // TCP_INFO is out of NIO's reach
                assertThat(echo.listener().sample(1).join()).hasSizeGreaterThanOrEqualTo(expected);
            }
        }
    }
}
