package dev.tcpecho.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeepAliveTest {
    private static KeepAlive keepAlive(boolean armed, int idle, int interval, int probes, int userTimeoutMillis) {
        return new KeepAlive(
                armed,
                Duration.ofSeconds(idle),
                Duration.ofSeconds(interval),
                probes,
                Duration.ofMillis(userTimeoutMillis));
    }

    @Test
    void aDeadPeerIsFoundAfterAllProbes() {
        KeepAlive usual = keepAlive(true, 7200, 75, 9, 0);
        assertThat(usual.deadPeerFoundAfter()).isEqualTo(Duration.ofSeconds(7875));
        assertThat(usual.note()).contains("after 2 h 11 min 15 s", "not survived", "tcp-keep-alive-idle");
        assertThat(keepAlive(true, 60, 10, 3, 0).note()).contains("after 1 min 30 s", "is survived");
        assertThat(keepAlive(false, 60, 10, 3, 0).note()).contains("not probed", "set tcp-keep-alive");
    }

    /** Measured: 1 s of silence, then a probe a second, and 5 s of TCP_USER_TIMEOUT: gone after 5 s, not after 3. */
    @Test
    void theUserTimeoutCountsInsteadOfTheProbes() {
        assertThat(keepAlive(true, 1, 1, 2, 5000).deadPeerFoundAfter()).isEqualTo(Duration.ofSeconds(5));
        assertThat(keepAlive(true, 10, 5, 9, 1000).deadPeerFoundAfter()).isEqualTo(Duration.ofSeconds(15));
    }
}
