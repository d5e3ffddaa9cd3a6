package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is blamed for a port that cannot be had: what is found there, whether it listens or not. */
class BindFailureTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static void cannotListen(Transports transport, int port, String because) {
        cannotListen(transport, port, false, because);
    }

    private static void cannotListen(Transports transport, int port, boolean reuseAddress, String because) {
        assertThatThrownBy(() -> RunningEcho.start(
                                transport,
                                "echo.port=" + port,
                                "echo.socket.reuse-port=false",
                                "echo.socket.reuse-address=" + reuseAddress)
                        .close())
                .hasMessageContaining("cannot listen on host 127.0.0.1 port " + port)
                .hasMessageContaining(because);
    }

    @ParameterizedTest
    @EnumSource
    void aPortWhoseConnectionsJustEndedIsInTimeWait(Transports transport) throws IOException {
        int port = portInTimeWait(true);
        cannotListen(transport, port, "(TIME_WAIT); wait, or set reuse-address to true");
    }

    /** SO_REUSEADDR must have been set on both. */
    @ParameterizedTest
    @EnumSource
    void whatIsSetAlreadyIsNotAdvised(Transports transport) throws IOException {
        int port = portInTimeWait(false);
        cannotListen(transport, port, true, "(TIME_WAIT); wait: whoever had them did not set SO_REUSEADDR");
    }

    private static int portInTimeWait(boolean reuseAddress) throws IOException {
        try (ServerSocket listener = new ServerSocket();
                Socket client = new Socket()) {
            listener.setReuseAddress(reuseAddress);
            listener.bind(new InetSocketAddress(LOOPBACK, 0));
            client.connect(listener.getLocalSocketAddress());
            listener.accept().close(); // who finishes first waits
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            return listener.getLocalPort();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPortOfAnOutgoingConnectionIsNoListeners(Transports transport) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK);
                Socket outgoing = new Socket(LOOPBACK, listener.getLocalPort())) {
            cannotListen(
                    transport,
                    ((InetSocketAddress) outgoing.getLocalSocketAddress()).getPort(),
                    "in use by an open connection, not by a listener");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListenerOfThisProcessIsNoOtherProcess(Transports transport) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK)) {
            cannotListen(transport, listener.getLocalPort(), "by another socket of this process, on (127.0.0.1, ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSocketThatOnlyBindsIsToldAsWhatItMayBe(Transports transport) throws IOException {
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(LOOPBACK, 0));
            cannotListen(transport, bound.getLocalPort(), "bound but does not listen, or by one that has just gone");
        }
    }
}
