package dev.tcpecho.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    /** A socket's time-out is in whole milliseconds: one that was cut to them would end before the deadline. */
    @Test
    void isOverWhenWhatWaitedForItTimesOut() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket silent = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
            for (int i = 0; i < 20; i++) {
                Deadline deadline = Deadline.in(Duration.ofNanos(2_990_000 - i * 40_000));
                silent.setSoTimeout(deadline.remainingMillis());
                assertThatExceptionOfType(SocketTimeoutException.class)
                        .isThrownBy(() -> silent.getInputStream().read());
                assertThat(deadline.isOver()).isTrue();
            }
        }
    }
}
