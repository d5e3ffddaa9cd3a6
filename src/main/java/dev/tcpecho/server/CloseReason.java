package dev.tcpecho.server;

import java.util.Locale;

/** Why a connection ended; each ends for one. */
public enum CloseReason {
    /** {@code once}: the reply was sent and the peer finished after it. */
    COMPLETE,
    /** The peer finished, and had every byte that was owed. */
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
    /** The listener ended it on purpose: echo.fault.reset-after, or close-after and the peer finished after us. */
    FAULT,
    /** A failure on our side. */
    ERROR;

    /** Who ended it. */
    public String endedBy() {
        return switch (this) {
            case COMPLETE -> "both";
            case PEER_FIN, PEER_RESET -> "peer";
            default -> "us";
        };
    }

    /** For a person, with the key that decides. */
    public String sentence() {
        return switch (this) {
            case COMPLETE -> "all was said, and the peer finished after us";
            case PEER_FIN -> "the peer finished, and had every byte that was owed";
            case PEER_RESET -> "the peer, or something on the way, reset the connection";
            case IDLE ->
                "nothing came or went for idle-timeout, came for first-byte-timeout, or answered keep-alive's probes";
            case WRITE_STALL -> "the peer took none of the pending bytes for write-stall-timeout";
            case LINGER_TIMEOUT -> "we had finished, and the peer did not within linger-timeout";
            case DRAIN_TIMEOUT -> "the service stopped, and it was still open after echo.drain-timeout";
            case FORCED -> "we ended it: the service stopped without a drain, or began anew in dev mode";
            case TLS_ERROR ->
                "TLS was broken off: a failed handshake, a FIN without close_notify, a record that is none";
            case PROXY_ERROR -> "the PROXY header did not come as it had to, or not from a trusted proxy";
            case FAULT -> "we ended it on purpose, as fault.reset-after or fault.close-after of its listener asks";
            default -> "a failure of the service; its log says which";
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
