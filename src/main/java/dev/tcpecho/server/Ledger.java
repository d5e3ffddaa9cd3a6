package dev.tcpecho.server;

import io.netty.buffer.ByteBuf;

/**
 * The account of one connection in bytes. What is owed is what was queued and not taken, whether or not it was ever
 * received. Tells the log, while there is one. On the connection's event loop alone.
 */
final class Ledger {
    private static final int UNKNOWN = -1;

    private final ConnectionLog log;
    private long received;
    private long queued;
    private long taken;
    private long acknowledged = UNKNOWN;

    /** @param log null while DEBUG is off */
    Ledger(ConnectionLog log) {
        this.log = log;
    }

    void received(int count) {
        received += count;
    }

    /** From now on these bytes are owed. */
    void queued(ByteBuf bytes) {
        queued += bytes.readableBytes();
        if (log != null) {
            log.queued(bytes);
        }
    }

    /** By the kernel. */
    void taken(long count) {
        taken += count;
        if (log != null) {
            log.taken(count);
        }
    }

    /** What is owed never goes out: how much that was. */
    int forgive() {
        int owed = (int) owed();
        queued = taken;
        return owed;
    }

    /**
     * By the peer's kernel, as ours tells; handshakes, FIN and what an entrance adds count with it.
     *
     * @return whether that is more than the last time
     */
    boolean acknowledged(long count) {
        boolean more = count != acknowledged;
        acknowledged = count;
        return more;
    }

    /** Bytes read from the peer. */
    long received() {
        return received;
    }

    /** Bytes for the peer that the kernel took. */
    long taken() {
        return taken;
    }

    /** Bytes for the peer that the kernel has not taken yet. */
    long owed() {
        return queued - taken;
    }

    /** Null while DEBUG is off. */
    ConnectionLog log() {
        return log;
    }
}
