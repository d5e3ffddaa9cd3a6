package dev.tcpecho.net;

import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * What a TLS handshake agreed on.
 *
 * @param protocol such as {@code TLSv1.3}
 * @param cipher suite by its registered name
 * @param serverName that the client asked for (SNI)
 * @param applicationProtocol agreed on (ALPN)
 * @param offered application protocols that the client offered, in its order
 * @param subject of the client's certificate, as RFC 2253 writes names
 */
public record TlsSession(
        String protocol,
        String cipher,
        Optional<String> serverName,
        Optional<String> applicationProtocol,
        List<String> offered,
        Optional<String> subject) {

    static TlsSession of(SSLEngine engine, List<String> offered) {
        ExtendedSSLSession session = (ExtendedSSLSession) engine.getSession();
        return new TlsSession(
                session.getProtocol(),
                session.getCipherSuite(),
                session.getRequestedServerNames().stream()
                        .filter(SNIHostName.class::isInstance)
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .findFirst(),
                Optional.ofNullable(engine.getApplicationProtocol()).filter(protocol -> !protocol.isEmpty()),
                List.copyOf(offered),
                subject(session));
    }

    private static Optional<String> subject(ExtendedSSLSession session) {
        try {
            return Optional.of(session.getPeerPrincipal().getName());
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty(); // the client showed no certificate
        }
    }
}
