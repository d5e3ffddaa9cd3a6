package dev.tcpecho.server;

import java.util.Locale;

/**
 * The life of the service; the one source that logs, health, metrics and the report tell from. It goes forward only:
 * from starting to serving, from serving to draining, and from each of them to stopped, which is the end.
 */
public enum ServiceState {
    STARTING,
    SERVING,
    DRAINING,
    STOPPED;

    /** A start that failed and a reload skip what lies between. */
    boolean mayBecome(ServiceState next) {
        return switch (next) {
            case STARTING -> false;
            case SERVING -> this == STARTING;
            case DRAINING -> this == SERVING;
            case STOPPED -> this != STOPPED;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
