package dev.tcpecho.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.PackagedEcho;
import dev.tcpecho.testing.TlsBuckets;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with Quarkus' own registry, which has words of its own about certificates. */
class TlsRegistryIT {
    private static final String BUCKET = "quarkus.tls.echo.";

    @TempDir
    private Path directory;

    @Test
    void anExpiredClientCertificateIsRefusedAndCountedWithoutAWordInTheLog() throws IOException {
        Path server = TlsBuckets.selfSigned(directory, "server");
        Path client = TlsBuckets.expired(directory, "client");
        try (PackagedEcho echo = PackagedEcho.start(
                Transports.EPOLL,
                "echo.tls-configuration-name=echo",
                "echo.tls-client-auth=required",
                BUCKET + "key-store.p12.path=" + server,
                BUCKET + "key-store.p12.password=changeit",
                BUCKET + "trust-store.pem.certs=" + TlsBuckets.pem(client),
                BUCKET + "trust-store.certificate-expiration-policy=reject")) {
            try (SSLSocket socket = (SSLSocket) TlsBuckets.context(client, server)
                    .getSocketFactory()
                    .createSocket("127.0.0.1", echo.address().getPort())) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).as("came back").isNegative();
            } catch (SSLException e) {
                assertThat(e).hasMessageContaining("certificate"); // the alert
            }
            await().until(() -> echo.meter("echo_tls_handshakes_total", "failed") == 1);
            assertThat(echo.log()).doesNotContain("Expired", "Exception", "ERROR");
        }
    }
}
