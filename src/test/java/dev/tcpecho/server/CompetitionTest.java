package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.net.OtherListener;
import dev.tcpecho.testing.LogsAlso;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody else's sockets on our port: who takes connections from whom, and who is to blame when a bind fails. */
class CompetitionTest {
    @ParameterizedTest
    @CsvSource({
        "EPOLL, *, 0.0.0.0, ALL_IPV4",
        "NIO, *, 0.0.0.0, ALL_IPV4",
        "EPOLL, *, 127.0.0.3, ALL_OF_ITS_ADDRESS",
        "EPOLL, 127.0.0.1, 0.0.0.0, WHAT_WE_LEAVE",
        "NIO, 127.0.0.1, 127.0.0.1, SOME",
    })
    void anotherSocketThatMeetsOursIsSeenWithItsAddress(
            Transports transport, String host, String other, OtherListener.Takes takes) throws IOException {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.host=" + host);
                ServerSocketChannel another = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            InetSocketAddress address =
                    new InetSocketAddress(other, echo.address().getPort());
            ListeningSocket ours = echo.listener().sockets().get(0);
            assertThat(ours.others()).isEmpty();
            another.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(address);
            assertThat(ours.others()).containsExactly(new OtherListener(address, takes));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOverlapOfItsOwnAddressesIsItsOwn(Transports transport) {
        assertThatThrownBy(() -> RunningEcho.start(
                        transport,
                        "echo.host=0.0.0.0,127.0.0.1",
                        "echo.port=" + Ports.free(),
                        "echo.socket.reuse-port=false"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("0.0.0.0 and 127.0.0.1 of echo.host overlap")
                .hasMessageNotContaining("another process");
    }

    @ParameterizedTest
    @EnumSource
    void aSocketOfThisProcessIsNotCalledAnotherProcess(Transports transport) throws IOException {
        try (ServerSocket own = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> RunningEcho.start(transport, "echo.port=" + own.getLocalPort()))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("in use by another socket of this process, on (127.0.0.1, ");
        }
    }

    @ParameterizedTest
    @EnumSource
    @LogsAlso("the start-up check of \\(192.0.2.1, \\d+\\) found nothing out")
    void freeBindServesAnAddressThatIsNotThere(Transports transport) {
        if (transport == Transports.NIO) {
            assertThatThrownBy(() -> RunningEcho.start(
                            transport, "echo.host=192.0.2.1", "echo.port=0", "echo.socket.free-bind=true"))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("does not have that address");
            return;
        }
        try (RunningEcho echo = RunningEcho.start(transport, "echo.host=192.0.2.1", "echo.socket.free-bind=true")) {
            assertThat(echo.listener().sockets()).allMatch(ListeningSocket::isListening);
        }
    }
}
