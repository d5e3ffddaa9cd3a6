package dev.tcpecho.server;

import java.util.Locale;

/** The life of the service; the one source that logs, health, metrics and the report tell from. */
public enum ServiceState {
    STARTING,
    SERVING,
    DRAINING,
    STOPPED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
