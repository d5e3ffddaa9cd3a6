package dev.tcpecho.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The kernel's TCP_INFO of one socket, at the offsets of struct tcp_info in linux/tcp.h. A kernel that knows fewer
 * fields leaves the rest 0.
 */
public final class TcpInfo {
    /** Level and number of the option, and how much of it is asked for. */
    public static final int LEVEL = 6;

    public static final int NUMBER = 11;
    public static final int LENGTH = 232;

    private static final String[] STATES = {
        "UNKNOWN",
        "ESTABLISHED",
        "SYN_SENT",
        "SYN_RECV",
        "FIN_WAIT1",
        "FIN_WAIT2",
        "TIME_WAIT",
        "CLOSE",
        "CLOSE_WAIT",
        "LAST_ACK",
        "LISTEN",
        "CLOSING",
        "NEW_SYN_RECV"
    };

    private static final int LISTEN = 10;

    private final ByteBuffer info;

    /** @param info what getsockopt answered */
    public TcpInfo(ByteBuffer info) {
        this.info = info.order(ByteOrder.nativeOrder());
    }

    public boolean isListening() {
        return info.get(0) == LISTEN;
    }

    public String state() {
        int state = info.get(0);
        return state >= 0 && state < STATES.length ? STATES[state] : String.valueOf(state);
    }

    /** Of a listening socket: connections that wait for accept(). */
    public long acceptQueue() {
        return unsigned(24);
    }

    /** Of a listening socket: the backlog in force. */
    public long acceptQueueMax() {
        return unsigned(28);
    }

    /** Segments sent and not acknowledged. */
    public long unacked() {
        return unsigned(24);
    }

    /** Largest segment that the peer sent so far, in bytes. */
    public long receiveMss() {
        return unsigned(20);
    }

    /** Bytes of data in the largest segment that is sent. */
    public long sendMss() {
        return unsigned(16);
    }

    /** Smoothed round-trip time in microseconds. */
    public long rtt() {
        return unsigned(68);
    }

    /** Mean deviation of the round-trip time in microseconds. */
    public long rttVariance() {
        return unsigned(72);
    }

    /** Congestion window in segments. */
    public long congestionWindow() {
        return unsigned(80);
    }

    /** Segments retransmitted over the connection's life. */
    public long retransmits() {
        return unsigned(100);
    }

    /** Bytes that the peer acknowledged; its FIN counts as one. */
    public long bytesAcked() {
        return info.getLong(120);
    }

    /** Bytes in the send buffer that were not sent yet. */
    public long notSent() {
        return unsigned(144);
    }

    /** The most recent delivery rate in bytes per second. */
    public long deliveryRate() {
        return info.getLong(160);
    }

    private long unsigned(int offset) {
        return Integer.toUnsignedLong(info.getInt(offset));
    }
}
