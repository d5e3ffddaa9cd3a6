package dev.tcpecho.net;

import java.util.Locale;

/** Whether connections begin with a header of the PROXY protocol, version 1 or 2. */
public enum ProxyMode {
    /** A header is bytes like any other. */
    OFF,
    /** A trusted proxy may send one; whatever else comes is bytes like any other. */
    OPTIONAL,
    /** A connection without one from a trusted proxy is reset. */
    REQUIRED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
