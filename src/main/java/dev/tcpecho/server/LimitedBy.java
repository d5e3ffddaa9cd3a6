package dev.tcpecho.server;

import dev.tcpecho.kernel.TcpInfo;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What keeps a connection from sending faster, and what to change: concluded from the times that the kernel took
 * (TCP_INFO: busy, and how much of it for the peer's window or for want of send buffer) and from what the echo itself
 * knows.
 *
 * @param share of the time in which there was something to send, 0 to 1
 * @param note a sentence that names a key, a sysctl, or who has to change something
 */
public record LimitedBy(By by, double share, String note) {
    /** Who or what is the limit. */
    public enum By {
        /** The peer's window: it reads slowly, or announces little. */
        RECEIVER,
        /** Ours is too small for the path. */
        SEND_BUFFER,
        /** Loss, or the length of the path. */
        NETWORK,
        /** The echo holds back by itself. */
        US,
        /** None of these, or too little was sent to tell. */
        NOTHING;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Less time with something to send than this proves nothing, in microseconds. */
    private static final long EVIDENCE = 50_000;

    private static final double DECISIVE = 0.3;
    private static final double LOSSY = 0.01;
    /** A round trip, in microseconds, that is felt when each answer is waited for. */
    private static final long LONG_PATH = 10_000;

    /** In bytes per microsecond of busy time. */
    private static final double FAST = 4;

    /** A window, in bytes, that is not small. */
    private static final long WIDE = 64 << 10;

    /**
     * Empty where the kernel does not tell: on any transport but epoll, and before Linux 4.10.
     *
     * @param listener whose keys the sentence names
     * @param ageMillis of the connection
     * @param heldBack the fault that holds it back on purpose, as {@code key=value}; empty if none does
     */
    static Optional<LimitedBy> of(String listener, TcpInfo info, long ageMillis, Optional<String> heldBack) {
        OptionalLong busy = info.busy();
        if (busy.isEmpty()) {
            return Optional.empty();
        }
        if (heldBack.isPresent()) {
            return Optional.of(new LimitedBy(
                    By.US,
                    1,
                    "the echo holds back on purpose (" + heldBack.get() + "): see "
                            + EchoKeys.property(listener, "fault.*")));
        }
        return Optional.of(of(listener, info, busy.getAsLong(), ageMillis * 1000));
    }

    private static LimitedBy of(String listener, TcpInfo info, long busy, long age) {
        if (busy < EVIDENCE) {
            return new LimitedBy(
                    By.NOTHING, 0, "too little was sent to tell: " + busy / 1000 + " ms with data under way");
        }
        double receiver = share(info.receiverLimited(), busy);
        double sendBuffer = share(info.sendBufferLimited(), busy);
        if (receiver >= DECISIVE && receiver >= sendBuffer && !isFast(info, busy)) {
            return new LimitedBy(By.RECEIVER, receiver, receiver(info));
        }
        if (sendBuffer >= DECISIVE) {
            return new LimitedBy(By.SEND_BUFFER, sendBuffer, sendBuffer(listener, info));
        }
        double rest = Math.max(0, 1 - receiver - sendBuffer);
        double lost = share(info.bytesRetransmitted(), info.bytesSent().orElse(0));
        if (lost >= LOSSY) {
            return new LimitedBy(
                    By.NETWORK,
                    rest,
                    String.format(
                            Locale.ROOT,
                            "%.1f %% of the bytes were sent again: look for loss on the way to the client; tcp-congestion=bbr"
                                    + " bears it better where the kernel has it (%s)",
                            lost * 100,
                            EchoKeys.property(listener, "socket.tcp-congestion")));
        }
        if (info.minRtt().orElse(0) >= LONG_PATH && busy >= age * DECISIVE) {
            return new LimitedBy(
                    By.NETWORK,
                    rest,
                    String.format(
                            Locale.ROOT,
                            "a round trip takes %.0f ms and data was under way for most of the time: the path is long, a client"
                                    + " that waits for each answer is as slow as it",
                            info.rtt() / 1000.0));
        }
        return new LimitedBy(By.NOTHING, rest, "neither window nor buffer held it back, and nothing was lost");
    }

    /** Windows fill up for a moment in every transfer that is as fast as its reader: no limit to speak of. */
    private static boolean isFast(TcpInfo info, long busy) {
        return info.bytesSent().orElse(0) / (double) busy >= FAST
                && info.minRtt().orElse(LONG_PATH) < LONG_PATH
                && info.sendWindow().orElse(0) >= WIDE;
    }

    private static String receiver(TcpInfo info) {
        return "the client reads slowly, or announces a small window"
                + (info.sendWindow().isPresent() ? " (" + info.sendWindow().getAsLong() + " bytes now)" : "")
                + ": to be changed there, or in a proxy on the way";
    }

    /** The product of bandwidth and delay is what a send buffer has to hold. */
    private static String sendBuffer(String listener, TcpInfo info) {
        return "the send buffer holds less than the path: unset "
                + EchoKeys.property(listener, "socket.send-buffer-size")
                + ", so that it grows within net.ipv4.tcp_wmem, or raise what is set there; a round trip takes "
                + info.rtt() / 1000 + " ms";
    }

    private static double share(OptionalLong part, long whole) {
        return whole <= 0 ? 0 : Math.min(1, part.orElse(0) / (double) whole);
    }
}
