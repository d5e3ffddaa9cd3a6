package dev.tcpecho.option;

import java.util.Locale;

/** What a socket option's number counts. */
public enum Unit {
    FLAG,
    NUMBER,
    BYTES,
    MICROSECONDS,
    MILLISECONDS,
    SECONDS,
    CONNECTIONS,
    PROBES,
    HOPS,
    TEXT;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
