package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.kernel.Sysctls;
import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both families, side by side and through one socket. */
class AddressFamilyTest {
    @ParameterizedTest
    @EnumSource
    void bindsEveryAddressOfItsHosts(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.host=127.0.0.1,::1")) {
            assertThat(echo.listener().sockets()).hasSize(2);
            for (ListeningSocket socket : echo.listener().sockets()) {
                echoes(socket.address());
            }
            echo.expectClosed(CloseReason.COMPLETE, 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void servesIpv4AndIpv6ThroughOneWildcardSocket(Transports transport) throws UnknownHostException {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.host=*")) {
            int port = echo.address().getPort();
            echoes(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            echoes(new InetSocketAddress(InetAddress.getByName("::1"), port));
            echo.expectClosed(CloseReason.COMPLETE, 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesAV4MappedAddressForItsIpv4Address(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.host=::ffff:127.0.0.1")) {
            assertThat(Addresses.text(echo.address().getAddress())).isEqualTo("127.0.0.1");
            echoes(echo.address());
            echo.expectClosed(CloseReason.COMPLETE, 1);
        }
    }

    /** NIO cannot keep the two apart; nobody asked for IPV6_V6ONLY, so it is no shortfall either. */
    @ParameterizedTest
    @EnumSource
    void servesBothWildcardsOfOnePortWithoutSharingIt(Transports transport) throws UnknownHostException {
        int port = Ports.free();
        try (RunningEcho echo = RunningEcho.start(
                transport,
                "echo.host=0.0.0.0,::",
                "echo.port=" + port,
                "echo.socket.reuse-port=false",
                "echo.shortfall=fail")) {
            echoes(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            echoes(new InetSocketAddress(InetAddress.getByName("::1"), port));
            echo.expectClosed(CloseReason.COMPLETE, 2);
            assertThat(echo.listener().accepted(Sysctls.read()))
                    .extracting(AcceptedReading::family)
                    .containsExactly("IPv4", "IPv6");
        }
    }

    private static void echoes(InetSocketAddress address) {
        try (Peer peer = Peer.connect(address)) {
            peer.send("hello").expect("hello").expectFin();
        }
    }
}
