package dev.tcpecho.server;

import java.util.Locale;

/** Why a connection ended; each ends for one. */
public enum CloseReason {
    /** {@code once}: the reply was sent and the peer finished after it. */
    COMPLETE,
    /** The peer finished, and every byte was echoed before. */
    PEER_FIN,
    /** The peer reset the connection. */
    PEER_RESET,
    /** No byte in either direction for the idle timeout. */
    IDLE,
    /** Bytes were pending and the peer took none for the write-stall timeout. */
    WRITE_STALL,
    /** {@code once}: the peer did not finish within the linger timeout. */
    LINGER_TIMEOUT,
    /** Still open when the drain's time was up. */
    DRAIN_TIMEOUT,
    /** Ended by us without a drain, as on a dev-mode reload. */
    FORCED,
    /** TLS was broken off: a failed handshake, a FIN without close_notify, a record that is none. */
    TLS_ERROR,
    /** The PROXY header did not come as it had to, or not from a trusted proxy. */
    PROXY_ERROR,
    /** A failure on our side. */
    ERROR;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
