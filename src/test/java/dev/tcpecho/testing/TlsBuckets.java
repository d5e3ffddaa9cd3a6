package dev.tcpecho.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A TLS registry without Quarkus, and keys made by the JDK's keytool. */
public final class TlsBuckets implements TlsConfigurationRegistry {
    private static final String PASSWORD = "changeit";

    private final Map<String, TlsConfiguration> buckets = new ConcurrentHashMap<>();

    @Override
    public Optional<TlsConfiguration> get(String name) {
        return Optional.ofNullable(buckets.get(name));
    }

    @Override
    public Optional<TlsConfiguration> getDefault() {
        return Optional.empty();
    }

    @Override
    public void register(String name, TlsConfiguration configuration) {
        buckets.put(name, configuration);
    }

    /**
     * @param trust null when no client is trusted
     * @param protocols none: those of the JDK
     */
    public TlsBuckets with(String name, Path keys, Path trust, Duration handshake, String... protocols) {
        register(name, new Bucket(name, keys, trust, handshake, Set.of(protocols)));
        return this;
    }

    /** A new key with a certificate of its own for {@code localhost}, in a PKCS12 file. */
    public static Path selfSigned(Path directory, String commonName) {
        return selfSigned(directory, commonName, "now");
    }

    /** The same, out of date since last year. */
    public static Path expired(Path directory, String commonName) {
        return selfSigned(directory, commonName, "-2y");
    }

    private static Path selfSigned(Path directory, String commonName, String validFrom) {
        Path file = directory.resolve(commonName + ".p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                commonName,
                "-dname",
                "CN=" + commonName,
                "-keyalg",
                "EC",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString(),
                "-validity",
                "90"));
        if (!validFrom.equals("now")) {
            command.addAll(List.of("-startdate", validFrom));
        }
        try (Program keytool = Program.start(directory.toFile(), command)) {
            assertThat(keytool.awaitExit()).as(keytool::output).isZero();
        }
        return file;
    }

    /** The key and the certificate of such a file as one in PEM, as HAProxy reads it. */
    public static Path pem(Path keys) {
        try {
            KeyStore store = store(keys);
            String alias = store.aliases().nextElement();
            Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
            String pem = "-----BEGIN PRIVATE KEY-----\n"
                    + lines.encodeToString(
                            store.getKey(alias, PASSWORD.toCharArray()).getEncoded())
                    + "\n-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\n"
                    + lines.encodeToString(store.getCertificate(alias).getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
            return Files.writeString(keys.resolveSibling(keys.getFileName() + ".pem"), pem);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a client, or a server, that has these keys, or none, and trusts those certificates. */
    public static SSLContext context(Path keys, Path trust) {
        try {
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys == null ? null : store(keys), PASSWORD.toCharArray());
            TrustManagerFactory trusting = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusting.init(trust == null ? empty() : trusted(trust));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys == null ? null : managers.getKeyManagers(),
                    trust == null ? null : trusting.getTrustManagers(),
                    null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore store(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(file)) {
            store.load(stream, PASSWORD.toCharArray());
        }
        return store;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** The certificates of a key's file. */
    private static KeyStore trusted(Path file) throws GeneralSecurityException, IOException {
        KeyStore trust = empty();
        KeyStore from = store(file);
        for (var aliases = from.aliases(); aliases.hasMoreElements(); ) {
            String alias = aliases.nextElement();
            trust.setCertificateEntry(alias, from.getCertificate(alias));
        }
        return trust;
    }

    private static final class Bucket extends BaseTlsConfiguration {
        private final String name;
        private final Path keys;
        private final Path trust;
        private final Duration handshake;
        private final Set<String> protocols;

        Bucket(String name, Path keys, Path trust, Duration handshake, Set<String> protocols) {
            this.name = name;
            this.keys = keys;
            this.trust = trust;
            this.handshake = handshake;
            this.protocols = protocols;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public KeyCertOptions getKeyStoreOptions() {
            return keys == null ? null : options(keys);
        }

        @Override
        public TrustOptions getTrustStoreOptions() {
            return trust == null ? null : options(trust);
        }

        private static PfxOptions options(Path file) {
            return new PfxOptions().setPath(file.toString()).setPassword(PASSWORD);
        }

        @Override
        public SSLOptions getSSLOptions() {
            return new SSLOptions()
                    .setEnabledSecureTransportProtocols(protocols)
                    .setSslHandshakeTimeout(handshake.toMillis())
                    .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        }

        @Override
        public SSLContext createSSLContext() {
            return context(keys, trust);
        }
    }
}
