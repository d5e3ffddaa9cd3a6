package dev.tcpecho.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
    @TempDir
    private static Path folder;

    private static Certificates service;
    private static Certificates client;
    private static SSLContext server;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeAll
    static void makeCertificates() throws GeneralSecurityException, IOException {
        service = new Certificates(folder, "echo.test", "EC");
        client = new Certificates(folder, "client.test", "RSA");
        server = service.server(client);
    }

    /** TLS on every connection that it gets, and then what the service does in mode stream. */
    private static ScriptedServer echo(String protocol, boolean clientAuth, boolean closeNotify) throws IOException {
        return new ScriptedServer((Socket raw) -> {
            SSLSocket socket = (SSLSocket) server.getSocketFactory().createSocket(raw, null, false);
            socket.setUseClientMode(false);
            socket.setEnabledProtocols(new String[] {protocol});
            socket.setNeedClientAuth(clientAuth);
            socket.startHandshake();
            if (closeNotify) {
                ScriptedServer.STREAM.play(socket.getInputStream(), socket.getOutputStream());
                socket.close();
            } else {
                socket.getOutputStream().write(socket.getInputStream().readNBytes(64));
                raw.shutdownOutput();
                raw.getInputStream().transferTo(new ByteArrayOutputStream());
            }
        });
    }

    private int check(ScriptedServer echo, String... more) {
        List<String> args = new ArrayList<>(List.of("--echo", echo.hostAndPort(), "--timeout", "20s", "--tls"));
        args.addAll(List.of(more));
        PrintStream print = new PrintStream(out, true);
        return new Check(print, print).run(args.toArray(String[]::new));
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8).strip();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void comparesAStreamOverTls(String protocol) throws GeneralSecurityException, IOException {
        try (ScriptedServer echo = echo(protocol, false, true)) {
            String ca = service.certificate().toString();
            assertThat(check(echo, "--mode", "stream", "--bytes", "3000001", "--ca", ca, "--sni", "echo.test"))
                    .as(output())
                    .isZero();
            assertThat(output()).startsWith("ok echo=").contains("bytes=3000001");
        }
    }

    @Test
    void showsItsOwnCertificateWithAKeyOfEitherForm() throws GeneralSecurityException, IOException {
        for (Path key : List.of(client.key(), client.rsaKey())) {
            try (ScriptedServer echo = echo("TLSv1.3", true, true)) {
                assertThat(check(
                                echo,
                                "--mode",
                                "stream",
                                "--ca",
                                service.certificate().toString(),
                                "--sni",
                                "echo.test",
                                "--cert",
                                client.certificate().toString(),
                                "--key",
                                key.toString()))
                        .as(output())
                        .isZero();
            }
        }
    }

    @Test
    void believesNoStrangerAndNoOtherName() throws GeneralSecurityException, IOException {
        try (ScriptedServer echo = echo("TLSv1.3", false, true)) {
            String stranger = client.certificate().toString();
            assertThat(check(echo, "--sni", "echo.test")).isOne();
            assertThat(check(echo, "--ca", stranger, "--sni", "echo.test")).isOne();
            assertThat(check(echo, "--ca", service.certificate().toString())).isOne();
            assertThat(output().lines()).hasSize(3).allMatch(line -> line.startsWith("failed echo "));
            assertThat(output().lines().limit(2))
                    .containsExactly(
                            "failed echo " + echo.hostAndPort()
                                    + ": the certificate of echo.test leads to none that the JVM believes",
                            "failed echo " + echo.hostAndPort() + ": the certificate of echo.test leads to none that "
                                    + stranger + " names");
        }
    }

    @Test
    void takesAnEndWithoutCloseNotifyForNone() throws GeneralSecurityException, IOException {
        try (ScriptedServer echo = echo("TLSv1.3", false, false)) {
            assertThat(check(echo, "--ca", service.certificate().toString(), "--sni", "echo.test"))
                    .isOne();
            assertThat(output()).startsWith("failed echo ");
        }
    }

    /** As nginx does: whoever ended first, with everything back, has lost nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void needsNoCloseNotifyInAnswerToItsOwn(String protocol) throws GeneralSecurityException, IOException {
        String[] in = {"--mode", "stream", "--ca", service.certificate().toString(), "--sni", "echo.test", "--bytes"};
        try (ScriptedServer echo = echo(protocol, false, false)) {
            assertThat(check(echo, with(in, "64"))).as(output()).isZero();
            assertThat(check(echo, with(in, "65"))).isOne();
            assertThat(output().lines().skip(1)).singleElement().asString().startsWith("failed echo ");
        }
    }

    private static String[] with(String[] arguments, String last) {
        return Stream.concat(Stream.of(arguments), Stream.of(last)).toArray(String[]::new);
    }

    @Test
    void readsAKeyOfRfc5915() throws IOException, InterruptedException, UsageError {
        Path key = folder.resolve("ec.pem");
        Process openssl;
        try {
            openssl = new ProcessBuilder("openssl", "ecparam", "-genkey", "-noout", "-name", "secp384r1")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(new File(key.toString()))
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "skipped: openssl is not installed");
            throw e;
        }
        assertThat(openssl.waitFor()).isZero();
        assertThat(Pem.key(key.toString()).getAlgorithm()).isEqualTo("EC");
    }
}
