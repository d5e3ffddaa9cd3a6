package dev.tcpecho.net;

import java.util.Locale;

/** What became of the header that a connection may, or has to, begin with. */
public enum ProxyOutcome {
    /** It names the client, and is believed. */
    ACCEPTED,
    /** The proxy speaks for itself (LOCAL), or does not know the client (UNKNOWN): served as its own connection. */
    LOCAL,
    /** {@code optional}: a trusted proxy sent something else, or nothing in time: bytes like any other. */
    ABSENT,
    /** {@code required}: the connection ended in order before its first byte. */
    MISSING,
    /** {@code required}: the connection did not come from a trusted proxy. Reset. */
    UNTRUSTED,
    /** It is none, it is malformed or cut off, or it is larger than the bound. Reset. */
    INVALID,
    /** {@code required}: it did not come, or not whole, in time. Reset. */
    TIMEOUT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
