package dev.tcpecho.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate in a folder, as keytool of this JDK makes it, and its PEM files. */
final class Certificates {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final KeyStore store = KeyStore.getInstance("PKCS12");
    private final Path folder;
    private final String name;

    /** @param algorithm RSA or EC */
    Certificates(Path folder, String name, String algorithm) throws GeneralSecurityException, IOException {
        this.folder = folder;
        this.name = name;
        Path file = folder.resolve(name + ".p12");
        List<String> keytool = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name,
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString());
        try (Program program = Program.start(folder.toFile(), keytool)) {
            assertThat(program.awaitExit()).as(program.output()).isZero();
        }
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
    }

    Path certificate() throws GeneralSecurityException, IOException {
        return pem("CERTIFICATE", store.getCertificate("own").getEncoded());
    }

    /** PKCS #8. */
    Path key() throws GeneralSecurityException, IOException {
        return pem("PRIVATE KEY", secret().getEncoded());
    }

    /** PKCS #1, which PKCS #8 has within 26 bytes of its own. */
    Path rsaKey() throws GeneralSecurityException, IOException {
        byte[] whole = secret().getEncoded();
        return pem("RSA PRIVATE KEY", Arrays.copyOfRange(whole, 26, whole.length));
    }

    private Key secret() throws GeneralSecurityException {
        return store.getKey("own", PASSWORD);
    }

    private Path pem(String what, byte[] der) throws IOException {
        return Files.writeString(
                folder.resolve(name + "." + what.replace(' ', '-') + ".pem"),
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what
                        + "-----\n");
    }

    /** A server with this certificate that believes the other one alone. */
    SSLContext server(Certificates client) throws GeneralSecurityException, IOException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        KeyStore believed = KeyStore.getInstance("PKCS12");
        believed.load(null, PASSWORD);
        believed.setCertificateEntry("client", client.store.getCertificate("own"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(believed);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
