package dev.tcpecho.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PemTest {
    @TempDir
    private static Path folder;

    private static Certificates own;
    private static Certificates other;

    @BeforeAll
    static void makeFiles() throws GeneralSecurityException, IOException {
        own = new Certificates(folder, "own", "RSA");
        other = new Certificates(folder, "other", "RSA");
        write("empty", "");
        write("junk", "junk");
        write("endless", "x".repeat((8 << 20) + 1));
        write("damaged-certificate", certificate("AAAA"));
        write("not-base64", certificate("****"));
        write("half", Files.readString(own.certificate()).substring(0, 600));
        write("damaged-key", key("", "AAAA"));
        write("unpadded-key", key("", "AAAAA"));
        write("short-key", key("EC ", "AA=="));
        write("wrong-length-key", key("EC ", "MP+g/w=="));
        write("locked-key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        write(
                "locked-rsa-key",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        Files.createDirectory(folder.resolve("directory"));
    }

    private static void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private static String certificate(String base64) {
        return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
    }

    private static String key(String form, String base64) {
        return "-----BEGIN " + form + "PRIVATE KEY-----\n" + base64 + "\n-----END " + form + "PRIVATE KEY-----\n";
    }

    private static List<String> check(int code, String... more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true);
        List<String> args = new ArrayList<>(List.of("--echo", "127.0.0.1:1", "--tls"));
        args.addAll(List.of(more));
        assertThat(new Check(print, print).run(args.toArray(String[]::new)))
                .as(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(code);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static String path(String name) {
        return folder.resolve(name).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "missing, there is no such file",
        "directory, 'a directory, not a file'",
        "empty, no certificate in it (PEM: -----BEGIN CERTIFICATE-----)",
        "junk, no certificate in it (PEM: -----BEGIN CERTIFICATE-----)",
        "own.PRIVATE-KEY.pem, no certificate in it (PEM: -----BEGIN CERTIFICATE-----)",
        "endless, longer than 8388608 bytes",
        "damaged-certificate, a certificate in it is damaged",
        "not-base64, a certificate in it is damaged",
        "half, a certificate in it is damaged",
    })
    void namesTheFileThatHasNoCertificates(String name, String why) throws GeneralSecurityException, IOException {
        String key = own.key().toString();
        assertThat(check(2, "--ca", path(name))).first().isEqualTo("--ca " + path(name) + ": " + why);
        assertThat(check(2, "--cert", path(name), "--key", key)).first().isEqualTo("--cert " + path(name) + ": " + why);
    }

    @ParameterizedTest
    @CsvSource({
        "missing, there is no such file",
        "directory, 'a directory, not a file'",
        "empty, no private key in it (PEM: -----BEGIN PRIVATE KEY-----)",
        "own.CERTIFICATE.pem, no private key in it (PEM: -----BEGIN PRIVATE KEY-----)",
        "endless, longer than 8388608 bytes",
        "damaged-key, 'the key in it is damaged, or neither RSA, EC nor EdDSA'",
        "unpadded-key, 'the key in it is damaged, or neither RSA, EC nor EdDSA'",
        "short-key, 'the key in it is damaged, or neither RSA, EC nor EdDSA'",
        "wrong-length-key, 'the key in it is damaged, or neither RSA, EC nor EdDSA'",
        "locked-key, the key in it has a password",
        "locked-rsa-key, the key in it has a password",
    })
    void namesTheFileThatHasNoKey(String name, String why) throws GeneralSecurityException, IOException {
        assertThat(check(2, "--cert", own.certificate().toString(), "--key", path(name)))
                .first()
                .isEqualTo("--key " + path(name) + ": " + why);
    }

    @Test
    void takesACertificateOnlyWithItsKeyAndForTls() throws GeneralSecurityException, IOException {
        String certificate = own.certificate().toString();
        assertThat(check(2, "--cert", certificate)).first().isEqualTo("--cert and --key need each other");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true);
        assertThat(new Check(print, print).run("--echo", "127.0.0.1:1", "--cert", certificate))
                .isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("--ca, --cert, --key and --sni need --tls");
    }

    @Test
    void namesTheCertificateThatTheKeyDoesNotBelongTo() throws GeneralSecurityException, IOException {
        String certificate = own.certificate().toString();
        assertThat(check(2, "--cert", certificate, "--key", other.key().toString()))
                .first()
                .isEqualTo("--key is not the key of the first certificate in " + certificate);
    }
}
