package dev.tcpecho.server;

import java.util.Locale;

/** Why a connection was closed as soon as it was accepted. */
public enum RefusalReason {
    /** The listener already has {@code max-connections}. */
    LIMIT,
    /** The peer's address already has {@code max-connections-per-address}. */
    ADDRESS,
    /** The listener is closing. */
    DRAINING;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
