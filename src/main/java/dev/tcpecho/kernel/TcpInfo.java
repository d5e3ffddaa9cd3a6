package dev.tcpecho.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/**
 * The kernel's TCP_INFO of one socket, at the offsets of struct tcp_info in linux/tcp.h. It has grown from kernel to
 * kernel: what an older one does not send is empty, or 0 where a plain number is answered.
 */
public final class TcpInfo {
    /** Level and number of the option, and how much of it is asked for. */
    public static final int LEVEL = 6;

    public static final int NUMBER = 11;
    public static final int LENGTH = 280;

    /** Of a connection whose round trip was not measured yet. */
    private static final long NO_RTT = 0xffffffffL;

    private final ByteBuffer info;
    private final int length;

    /**
     * @param info what getsockopt answered, {@value #LENGTH} bytes
     * @param length how many of them this kernel sends
     */
    public TcpInfo(ByteBuffer info, int length) {
        this.info = info.order(ByteOrder.nativeOrder());
        this.length = length;
    }

    public boolean isListening() {
        return info.get(0) == TcpState.LISTEN.ordinal();
    }

    /** Both directions are over: of a socket that nobody has closed, its peer's reset or the kernel's giving up. */
    public boolean isClosed() {
        return info.get(0) == TcpState.CLOSE.ordinal();
    }

    public String state() {
        return TcpState.name(info.get(0));
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

    /** Probes that the peer left unanswered: of keep-alive, or of a window that it keeps shut. */
    public int unansweredProbes() {
        return Byte.toUnsignedInt(info.get(3));
    }

    /** Milliseconds since the peer sent data. */
    public long lastDataReceived() {
        return unsigned(52);
    }

    /** Milliseconds since the peer acknowledged anything. */
    public long lastAckReceived() {
        return unsigned(56);
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

    /** Microseconds in which data was under way or waiting to be sent; since Linux 4.10. */
    public OptionalLong busy() {
        return number(168);
    }

    /** Of these, microseconds in which the peer's window let nothing more through. */
    public OptionalLong receiverLimited() {
        return number(176);
    }

    /** Of these, microseconds in which the send buffer was too small to keep the path busy. */
    public OptionalLong sendBufferLimited() {
        return number(184);
    }

    /** The least round-trip time of the last minutes, in microseconds. */
    public OptionalLong minRtt() {
        OptionalLong least = counter(148);
        return least.isPresent() && least.getAsLong() == NO_RTT ? OptionalLong.empty() : least;
    }

    /** Bytes per second at which the kernel spreads what it sends; empty while it does not. */
    public OptionalLong pacingRate() {
        OptionalLong rate = number(104);
        return rate.isPresent() && rate.getAsLong() < 0 ? OptionalLong.empty() : rate;
    }

    /** Segments that arrived, as the peer acknowledged. */
    public OptionalLong delivered() {
        return counter(192);
    }

    /** Bytes of data sent, each time that they were. */
    public OptionalLong bytesSent() {
        return number(200);
    }

    /** Bytes of data sent again. */
    public OptionalLong bytesRetransmitted() {
        return number(208);
    }

    /** Segments sent again that had arrived already, as the peer says (DSACK). */
    public OptionalLong spuriousRetransmits() {
        return counter(216);
    }

    /** How often acknowledgements told of segments that overtook others. */
    public OptionalLong reorderingSeen() {
        return counter(220);
    }

    /** Segments that came before their turn. */
    public OptionalLong outOfOrderReceived() {
        return counter(224);
    }

    /** What the peer's window admits now, in bytes. */
    public OptionalLong sendWindow() {
        return counter(228);
    }

    /** What ours admits, in bytes. */
    public OptionalLong receiveWindow() {
        return counter(232);
    }

    private OptionalLong counter(int offset) {
        return offset + Integer.BYTES <= length ? OptionalLong.of(unsigned(offset)) : OptionalLong.empty();
    }

    private OptionalLong number(int offset) {
        return offset + Long.BYTES <= length ? OptionalLong.of(info.getLong(offset)) : OptionalLong.empty();
    }

    private long unsigned(int offset) {
        return Integer.toUnsignedLong(info.getInt(offset));
    }
}
