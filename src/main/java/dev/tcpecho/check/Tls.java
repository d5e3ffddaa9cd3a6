package dev.tcpecho.check;

import dev.tcpecho.check.Pem.Chain;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** How the client speaks TLS: whom it believes, and who it is. Certificates are checked, names included. */
final class Tls {
    private static final char[] NO_PASSWORD = {};
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    static {
        // A FIN without close_notify is then an error, as it is to the service: else the JDK calls it a clean end.
        System.setProperty("com.sun.net.ssl.requireCloseNotify", "true");
    }

    private final SSLContext context;
    private final String believed;
    private final String name;

    private Tls(SSLContext context, String believed, String name) {
        this.context = context;
        this.believed = believed;
        this.name = name;
    }

    /**
     * @param authority certificates to believe instead of the JVM's own; may be null
     * @param certificate our own with its chain, and {@code key} its key; both may be null
     * @param name asked for (SNI) and expected in the certificate; null for the host that is connected to
     */
    static Tls of(Chain authority, Chain certificate, PrivateKey key, String name) throws UsageError {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManagerFactory keys = null;
            if (certificate != null) {
                if (!belongs(key, certificate.certificates().get(0).getPublicKey())) {
                    throw new UsageError("--key is not the key of the first certificate in " + certificate.file());
                }
                keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                KeyStore own = empty();
                own.setKeyEntry(
                        "own", key, NO_PASSWORD, certificate.certificates().toArray(new X509Certificate[0]));
                keys.init(own, NO_PASSWORD);
            }
            TrustManagerFactory trust = null;
            if (authority != null) {
                trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                KeyStore believed = empty();
                for (int i = 0; i < authority.certificates().size(); i++) {
                    believed.setCertificateEntry(
                            "ca-" + i, authority.certificates().get(i));
                }
                trust.init(believed);
            }
            context.init(
                    keys == null ? null : keys.getKeyManagers(), trust == null ? null : trust.getTrustManagers(), null);
            return new Tls(context, authority == null ? "the JVM believes" : authority.file() + " names", name);
        } catch (GeneralSecurityException | IOException e) {
            throw new UsageError("TLS cannot be set up: " + e.getMessage());
        }
    }

    private static boolean belongs(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        try {
            Signature signature = Signature.getInstance(SIGNATURES.get(key.getAlgorithm()));
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            return signature.verify(signed);
        } catch (InvalidKeyException | SignatureException e) {
            return false;
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
        try {
            socket.startHandshake();
        } catch (SSLHandshakeException e) {
            if (leadsToNobodyBelieved(e)) {
                throw new SSLHandshakeException("the certificate of " + expected + " leads to none that " + believed);
            }
            throw e;
        }
        return socket;
    }

    private static boolean leadsToNobodyBelieved(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof CertPathBuilderException)) {
            cause = cause.getCause();
        }
        return cause != null;
    }
}
