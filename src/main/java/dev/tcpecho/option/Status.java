package dev.tcpecho.option;

import java.util.Locale;

/** What became of a request for a socket option. */
public enum Status {
    /** The kernel gave what was asked. */
    HONOURED,
    /** The kernel gave less. */
    REDUCED,
    /** The kernel gave more. */
    RAISED,
    /** The value was taken, yet has no effect as things are. */
    INERT,
    /** The request did not reach the socket. */
    IGNORED,
    /** Nothing was asked. */
    DEFAULT,
    /** The value cannot be read here. */
    UNREADABLE;

    /** Whether the operator got less than asked for. */
    public boolean isShortfall() {
        return this == REDUCED || this == INERT || this == IGNORED;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
