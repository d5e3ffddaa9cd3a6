package dev.tcpecho.server;

/** What a listener does with a connection. */
public enum EchoMode {
    /** Reads once, echoes, finishes. */
    ONCE,
    /** Echoes every byte until the peer finishes (RFC 862). */
    STREAM
}
