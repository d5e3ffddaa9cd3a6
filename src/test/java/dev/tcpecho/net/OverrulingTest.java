package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.option.SocketOption;
import dev.tcpecho.option.Status;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Ss;
import dev.tcpecho.testing.Transports;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is called inert has no effect, and without what overrules it, it has: measured on the wire, not read back. */
class OverrulingTest {
    @Test
    void theWindowIsWiderThanItsClampAfterAFullSegment() {
        try (RunningEcho echo =
                        RunningEcho.start(Transports.EPOLL, "echo.mode=stream", "echo.socket.tcp-window-clamp=10000");
                Peer peer = echo.connect()) {
            assertThat(status(echo, SocketOption.TCP_WINDOW_CLAMP)).isEqualTo(Status.INERT);
            peer.send("x").expect("x");
            assertThat(window(echo, peer)).isLessThanOrEqualTo(10_000);
            peer.send("y".repeat(1000)).expect("y".repeat(1000));
            await().untilAsserted(() -> assertThat(window(echo, peer)).isGreaterThan(20_000));
        }
    }

    /** The kernel's timer for a held segment is 200 ms (tcp(7)); a slow machine only makes it longer. */
    @Test
    void aCorkedSocketKeepsSmallRepliesWhateverNoDelaySays() {
        assertThat(fastestReplyMillis("echo.socket.tcp-cork=true", Status.INERT))
                .isGreaterThan(150);
        assertThat(fastestReplyMillis("echo.socket.tcp-cork=false", Status.HONOURED))
                .isLessThan(150);
    }

    private static long fastestReplyMillis(String cork, Status noDelay) {
        long fastest = Long.MAX_VALUE;
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.mode=stream", cork);
                Peer peer = echo.connect()) {
            assertThat(status(echo, SocketOption.TCP_NODELAY)).isEqualTo(noDelay);
            for (int i = 0; i < 5; i++) {
                long begun = System.nanoTime();
                peer.send("hello").expect("hello");
                fastest = Math.min(fastest, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
            }
        }
        return fastest;
    }

    private static Status status(RunningEcho echo, SocketOption option) {
        return echo.listener()
                .sockets()
                .get(0)
                .options()
                .reading(option)
                .orElseThrow()
                .verdict()
                .status();
    }

    /** What the peer may send, as its own kernel was told. */
    private static long window(RunningEcho echo, Peer peer) {
        InetSocketAddress own = (InetSocketAddress) peer.socket().getLocalSocketAddress();
        return Ss.accepted(own, echo.address().getPort()).number("snd_wnd:(\\d+)");
    }
}
