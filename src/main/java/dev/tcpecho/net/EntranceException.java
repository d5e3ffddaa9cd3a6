package dev.tcpecho.net;

import java.io.IOException;

/** What stands in front of a connection does not let it pass: the peer's doing, and no error of ours. */
public final class EntranceException extends IOException {
    private static final long serialVersionUID = 1L;

    private final SocketError kind;

    EntranceException(SocketError kind, String message) {
        super(message);
        this.kind = kind;
    }

    SocketError kind() {
        return kind;
    }

    /** Costs nothing: peers can cause as many as they like. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
