package dev.tcpecho.net;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** How a TLS handshake ended. */
public enum TlsOutcome {
    COMPLETE,
    /**
     * The two could not agree, or a certificate was missing or not accepted; an alert told the peer, or was its own.
     */
    FAILED,
    /** What came is no TLS. Reset. */
    NOT_TLS,
    /** It took too long. Reset. */
    TIMEOUT,
    /** The peer ended the connection in the midst of it. */
    ABORTED,
    /** The peer ended the connection before its first byte. */
    MISSING;

    static TlsOutcome of(Throwable cause) {
        if (cause instanceof NotSslRecordException) {
            return NOT_TLS;
        }
        if (cause instanceof SslHandshakeTimeoutException) {
            return TIMEOUT;
        }
        return cause instanceof SSLException ? FAILED : ABORTED;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
