package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.kernel.TcpInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** From the kernel's figures to one word. */
class LimitedByTest {
    private static final long SECOND = 1_000_000;

    /** Times in microseconds. */
    private static TcpInfo info(long busy, long receiver, long sendBuffer, int rtt, long sent, long again, int window) {
        ByteBuffer info = ByteBuffer.allocate(TcpInfo.LENGTH).order(ByteOrder.nativeOrder());
        info.putInt(68, rtt).putInt(148, rtt);
        info.putLong(168, busy).putLong(176, receiver).putLong(184, sendBuffer);
        info.putLong(200, sent).putLong(208, again).putInt(228, window);
        return new TcpInfo(info, TcpInfo.LENGTH);
    }

    private static LimitedBy of(TcpInfo info) {
        return LimitedBy.of("bulk", info, 1000, Optional.empty()).orElseThrow();
    }

    @Test
    void theGreaterShareOfTheBusyTimeDecides() {
        assertThat(of(info(SECOND, 810_000, 100_000, 100, 50_000, 0, 0)))
                .satisfies(limit -> assertThat(limit.by()).hasToString("receiver"))
                .satisfies(limit -> assertThat(limit.share()).isEqualTo(0.81));
        assertThat(of(info(SECOND, 100_000, 600_000, 40_000, 50_000, 0, 1 << 20)))
                .satisfies(limit -> assertThat(limit.by()).hasToString("send-buffer"))
                .satisfies(limit -> assertThat(limit.note())
                        .contains("echo.listeners.bulk.socket.send-buffer-size", "net.ipv4.tcp_wmem"));
    }

    @Test
    void lossAndLengthAreTheNetworks() {
        assertThat(of(info(SECOND, 0, 0, 200, 1_000_000, 30_000, 1 << 20)))
                .satisfies(limit -> assertThat(limit.by()).hasToString("network"))
                .satisfies(limit -> assertThat(limit.note()).startsWith("3.0 % of the bytes"));
        assertThat(of(info(SECOND, 0, 0, 80_000, 1_000_000, 0, 1 << 20)))
                .satisfies(limit -> assertThat(limit.by()).hasToString("network"))
                .satisfies(limit -> assertThat(limit.note()).contains("80 ms"));
    }

    @Test
    void aSmallWindowIsALimitHoweverShortThePathIs() {
        assertThat(of(info(SECOND, 900_000, 0, 50, 80_000_000, 0, 4096)).by()).isEqualTo(LimitedBy.By.RECEIVER);
        assertThat(of(info(SECOND, 900_000, 0, 50, 80_000_000, 0, 1 << 20)).by())
                .isEqualTo(LimitedBy.By.NOTHING);
    }

    @Test
    void littleEvidenceIsSaid() {
        assertThat(of(info(49_000, 49_000, 0, 100, 1000, 0, 0)))
                .satisfies(limit -> assertThat(limit.by()).isEqualTo(LimitedBy.By.NOTHING))
                .satisfies(limit -> assertThat(limit.note()).contains("too little", "49 ms"));
    }

    @Test
    void whatHoldsBackOnPurposeIsUs() {
        assertThat(LimitedBy.of("default", info(0, 0, 0, 0, 0, 0, 0), 1, Optional.of("delay=200MS"))
                        .orElseThrow())
                .satisfies(limit -> assertThat(limit.by()).isEqualTo(LimitedBy.By.US))
                .satisfies(limit -> assertThat(limit.note()).contains("echo.fault."));
    }
}
