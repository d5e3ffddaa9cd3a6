package dev.tcpecho.net;

import java.util.Locale;
import javax.net.ssl.SSLEngine;

/** Whether a TLS client shows a certificate. */
public enum TlsClientAuth {
    NONE,
    /** Asked for, and verified when it comes. */
    REQUEST,
    /** Without a certificate that can be trusted the handshake fails. */
    REQUIRED;

    void apply(SSLEngine engine) {
        if (this == REQUIRED) {
            engine.setNeedClientAuth(true);
        } else {
            engine.setWantClientAuth(this == REQUEST);
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
