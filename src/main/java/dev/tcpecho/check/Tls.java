package dev.tcpecho.check;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** How the client speaks TLS: whom it believes, and who it is. Certificates are checked, names included. */
final class Tls {
    private static final char[] NO_PASSWORD = {};

    static {
        // A FIN without close_notify is then an error, as it is to the service: else the JDK calls it a clean end.
        System.setProperty("com.sun.net.ssl.requireCloseNotify", "true");
    }

    private final SSLContext context;
    private final String name;

    private Tls(SSLContext context, String name) {
        this.context = context;
        this.name = name;
    }

    /**
     * @param authority certificates to believe instead of the JVM's own; may be null
     * @param certificate our own with its chain, and {@code key} its key; both may be null
     * @param name asked for (SNI) and expected in the certificate; null for the host that is connected to
     */
    static Tls of(Path authority, Path certificate, Path key, String name) throws UsageError {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManagerFactory keys = null;
            if (certificate != null) {
                keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                KeyStore own = empty();
                List<X509Certificate> chain = Pem.certificates(certificate);
                own.setKeyEntry("own", Pem.key(key), NO_PASSWORD, chain.toArray(new X509Certificate[0]));
                keys.init(own, NO_PASSWORD);
            }
            TrustManagerFactory trust = null;
            if (authority != null) {
                trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                KeyStore believed = empty();
                List<X509Certificate> certificates = Pem.certificates(authority);
                for (int i = 0; i < certificates.size(); i++) {
                    believed.setCertificateEntry("ca-" + i, certificates.get(i));
                }
                trust.init(believed);
            }
            context.init(
                    keys == null ? null : keys.getKeyManagers(), trust == null ? null : trust.getTrustManagers(), null);
            return new Tls(context, name);
        } catch (GeneralSecurityException | IOException e) {
            throw new UsageError("TLS cannot be set up: " + e.getMessage());
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    /** The connection with TLS on it, the handshake done. */
    SSLSocket over(Socket raw, HostAndPort target) throws IOException {
        String expected = name == null ? target.host() : name;
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, expected, target.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (name != null) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
