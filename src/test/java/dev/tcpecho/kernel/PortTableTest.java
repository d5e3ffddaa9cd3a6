package dev.tcpecho.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The kernel's table of listening sockets, each reading of which costs milliseconds. */
@EnabledOnOs(OS.LINUX)
class PortTableTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void whoeverSamplesOftenSharesAReading() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket first = new ServerSocket(0, 5, loopback)) {
            InetSocketAddress address = new InetSocketAddress(loopback, first.getLocalPort());
            assertThat(PortTable.acceptQueue(address, Duration.ZERO)).hasValue(0);
            try (Socket waiting = new Socket(loopback, first.getLocalPort())) {
                assertThat(waiting.isConnected()).isTrue();
                await().until(() -> PortTable.acceptQueue(address).orElse(-1) == 1);
                assertThat(PortTable.acceptQueue(address, HOUR))
                        .as("of the reading before")
                        .hasValue(0);
                assertThat(PortTable.acceptQueue(address, Duration.ZERO))
                        .as("anew")
                        .hasValue(1);
            }
            try (ServerSocket younger = new ServerSocket(0, 5, loopback)) {
                assertThat(PortTable.acceptQueue(new InetSocketAddress(loopback, younger.getLocalPort()), HOUR))
                        .as("younger than the reading")
                        .hasValue(0);
            }
        }
    }
}
