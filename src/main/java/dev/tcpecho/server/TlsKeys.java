package dev.tcpecho.server;

import io.quarkus.tls.TlsConfiguration;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** What a bucket of Quarkus' TLS registry says, as it is now: renewed files are seen by the next handshake. */
final class TlsKeys implements Supplier<SSLContext> {
    private final String listener;
    private final TlsConfiguration bucket;
    private volatile SSLContext context;

    /** @throws StartException when its keys or its trust cannot be used */
    TlsKeys(String listener, TlsConfiguration bucket) {
        this.listener = listener;
        this.bucket = bucket;
        renew(bucket);
    }

    /** A context that cannot be made leaves the one in force. */
    void renew(TlsConfiguration renewed) {
        try {
            context = renewed.createSSLContext();
        } catch (Exception e) { // as the registry's interface declares it
            // the context in force, if there is one, stays
            throw new StartException("listener " + listener + ": the keys of the TLS configuration " + renewed.getName()
                    + " cannot be used: " + e.getMessage());
        }
    }

    @Override
    public SSLContext get() {
        return context;
    }

    Set<String> protocols() {
        return bucket.getSSLOptions().getEnabledSecureTransportProtocols();
    }

    Set<String> ciphers() {
        return bucket.getSSLOptions().getEnabledCipherSuites();
    }

    Duration handshakeTimeout() {
        return Duration.of(
                bucket.getSSLOptions().getSslHandshakeTimeout(),
                bucket.getSSLOptions().getSslHandshakeTimeoutUnit().toChronoUnit());
    }
}
