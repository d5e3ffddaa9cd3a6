package dev.tcpecho.option;

/**
 * When a value is written that was asked for. Where a transport cannot write it on a listener, each connection gets it.
 */
enum Written {
    /** On the listening socket before bind(); connections take it over. */
    LISTENER,
    /** By listen() itself. */
    BY_LISTEN,
    /** On each connection alone: listen() resets it. */
    CONNECTIONS,
    /** On both: a connection does not take it over. */
    BOTH,
    /**
     * On the listener, and when it is 0 on each connection too: Netty turns it on for every channel that it accepts.
     */
    BOTH_WHEN_OFF;

    boolean onListener() {
        return this != CONNECTIONS && this != BY_LISTEN;
    }

    boolean onConnections(OptionValue value) {
        return this == CONNECTIONS || this == BOTH || this == BOTH_WHEN_OFF && value.equals(OptionValue.of(0));
    }
}
