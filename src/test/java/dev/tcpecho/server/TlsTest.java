package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.net.TlsOutcome;
import dev.tcpecho.net.TlsSession;
import dev.tcpecho.testing.LogsAlso;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.TlsBuckets;
import dev.tcpecho.testing.Transports;
import io.quarkus.tls.CertificateUpdatedEvent;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS on the wire: every byte back, and ends that tell a cut from an end. */
class TlsTest {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final String STREAM = "echo.mode=stream";
    private static final String TLS = "echo.tls-configuration-name=echo";

    @TempDir
    private static Path directory;

    private static Path server;
    private static Path client;
    private static Path stranger;

    @BeforeAll
    static void makeKeys() {
        server = TlsBuckets.selfSigned(directory, "server");
        client = TlsBuckets.selfSigned(directory, "client");
        stranger = TlsBuckets.selfSigned(directory, "stranger");
    }

    @ParameterizedTest
    @EnumSource
    void onceEchoesAndEndsWithCloseNotify(Transports transport) throws IOException {
        try (RunningEcho echo = RunningEcho.start(transport, buckets(), TLS)) {
            for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                try (SSLSocket peer = connect(echo, null, protocol)) {
                    peer.getOutputStream().write(bytes("hello"));
                    assertThat(peer.getInputStream().readAllBytes()).isEqualTo(bytes("hello"));
                }
            }
            echo.expectClosed(CloseReason.COMPLETE, 2);
            assertThat(outcomes(echo)).isEqualTo(Map.of(TlsOutcome.COMPLETE, 2L));
        }
    }

    @ParameterizedTest
    @CsvSource({"NIO, TLSv1.2", "NIO, TLSv1.3", "EPOLL, TLSv1.2", "EPOLL, TLSv1.3"})
    void returnsEveryByteAfterTheClientsCloseNotify(Transports transport, String protocol) throws IOException {
        byte[] sent = new byte[3 << 20];
        new Random(3).nextBytes(sent);
        try (RunningEcho echo = RunningEcho.start(transport, buckets(), TLS, STREAM)) {
            try (SSLSocket peer = connect(echo, null, protocol, 4096)) {
                CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                    try {
                        peer.getOutputStream().write(sent);
                        if (protocol.equals("TLSv1.3")) { // its half-close; TLS 1.2 has none
                            peer.shutdownOutput();
                        }
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                assertThat(peer.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
                sending.join();
                if (protocol.equals("TLSv1.3")) {
                    assertThat(peer.getInputStream().read()).isEqualTo(-1);
                }
            }
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(sent.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFinWithoutCloseNotifyIsATruncation(Transports transport) throws IOException {
        try (RunningEcho echo = RunningEcho.start(transport, buckets(), TLS, STREAM);
                Socket wire = wire(echo);
                SSLSocket peer = over(wire, null, "TLSv1.3")) {
            peer.getOutputStream().write(bytes("cut"));
            assertThat(peer.getInputStream().readNBytes(3)).isEqualTo(bytes("cut"));
            wire.shutdownOutput();
            assertThatThrownBy(() -> peer.getInputStream().read()).isInstanceOf(IOException.class);
            echo.expectClosed(CloseReason.TLS_ERROR, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void plainTextIsReset(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, buckets(), TLS, STREAM)) {
            try (Peer peer = echo.connect()) {
                peer.trySend(bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
                peer.expectReset();
            }
            echo.expectClosed(CloseReason.TLS_ERROR, 1);
            assertThat(outcomes(echo)).isEqualTo(Map.of(TlsOutcome.NOT_TLS, 1L));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHandshakeThatStallsIsReset(Transports transport) {
        TlsBuckets impatient = new TlsBuckets().with("echo", server, null, Duration.ofMillis(150));
        try (RunningEcho echo = RunningEcho.start(transport, impatient, TLS)) {
            try (Peer silent = echo.connect();
                    Peer halting = echo.connect()) {
                halting.send(new byte[] {0x16, 3, 1});
                silent.expectReset();
                halting.expectReset();
            }
            echo.expectClosed(CloseReason.TLS_ERROR, 2);
            assertThat(outcomes(echo)).isEqualTo(Map.of(TlsOutcome.TIMEOUT, 2L));
        }
    }

    /** In every mode: also in one that speaks once the handshake is complete, which never is. */
    @ParameterizedTest
    @EnumSource
    void aBareConnectEndsInOrder(Transports transport) {
        for (EchoMode mode : EchoMode.values()) {
            try (RunningEcho echo = RunningEcho.start(transport, buckets(), TLS, "echo.mode=" + mode)) {
                echo.connect().fin().expectFin().close();
                echo.expectClosed(CloseReason.PEER_FIN, 1);
                assertThat(outcomes(echo)).isEqualTo(Map.of(TlsOutcome.MISSING, 1L));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"NIO, TLSv1.2", "NIO, TLSv1.3", "EPOLL, TLSv1.2", "EPOLL, TLSv1.3"})
    void anUnknownClientIsToldByAnAlert(Transports transport, String protocol) throws IOException {
        TlsBuckets buckets = new TlsBuckets().with("echo", server, client, HANDSHAKE);
        try (RunningEcho echo = RunningEcho.start(transport, buckets, TLS, "echo.tls-client-auth=required")) {
            for (Path keys : new Path[] {null, stranger}) {
                assertThatThrownBy(() -> {
                            try (SSLSocket peer = connect(echo, keys, protocol)) {
                                peer.getOutputStream().write(bytes("early"));
                                peer.getInputStream().read();
                            }
                        })
                        .isInstanceOf(SSLException.class)
                        .hasMessageContaining("fatal alert");
            }
            try (SSLSocket peer = connect(echo, client, protocol)) {
                peer.getOutputStream().write(bytes("known"));
                assertThat(peer.getInputStream().readAllBytes()).isEqualTo(bytes("known"));
            }
            await().untilAsserted(() -> assertThat(echo.closedByReason())
                    .isEqualTo(Map.of(CloseReason.TLS_ERROR, 2L, CloseReason.COMPLETE, 1L)));
            assertThat(outcomes(echo)).isEqualTo(Map.of(TlsOutcome.FAILED, 2L, TlsOutcome.COMPLETE, 1L));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProtocolThatIsNotEnabledIsToldByAnAlert(Transports transport) {
        TlsBuckets buckets = new TlsBuckets().with("echo", server, null, HANDSHAKE, "TLSv1.3");
        try (RunningEcho echo = RunningEcho.start(transport, buckets, TLS)) {
            assertThatThrownBy(() -> connect(echo, null, "TLSv1.2").close())
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("fatal alert: protocol_version");
            echo.expectClosed(CloseReason.TLS_ERROR, 1);
            assertThat(outcomes(echo)).isEqualTo(Map.of(TlsOutcome.FAILED, 1L));
        }
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhatWasAgreed(Transports transport) throws IOException {
        TlsBuckets buckets = new TlsBuckets().with("echo", server, client, HANDSHAKE);
        try (RunningEcho echo = RunningEcho.start(transport, buckets, TLS, STREAM, "echo.tls-client-auth=request");
                Socket wire = wire(echo);
                SSLSocket peer = over(wire, client, "TLSv1.3")) {
            SSLParameters parameters = peer.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName("echo.example.org")));
            parameters.setApplicationProtocols(new String[] {"x-first", "h2"});
            peer.setSSLParameters(parameters);
            peer.getOutputStream().write(bytes("x"));
            assertThat(peer.getInputStream().read()).isEqualTo('x');
            TlsSession session = OpenConnections.of(echo, wire).tls().orElseThrow();
            assertThat(session.protocol()).isEqualTo("TLSv1.3");
            assertThat(session.cipher()).startsWith("TLS_");
            assertThat(session.serverName()).contains("echo.example.org");
            assertThat(session.applicationProtocol()).contains("x-first");
            assertThat(session.offered()).containsExactly("x-first", "h2");
            assertThat(session.subject()).contains("CN=client");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNextHandshakeSeesARenewedCertificate(Transports transport) throws IOException {
        TlsBuckets buckets = buckets();
        try (RunningEcho echo = RunningEcho.start(transport, buckets, TLS, STREAM);
                SSLSocket before = connect(echo, null, "TLSv1.3")) {
            assertThat(before.getSession().getPeerPrincipal().getName()).isEqualTo("CN=server");
            buckets.with("echo", stranger, null, HANDSHAKE);
            echo.service()
                    .renewed(new CertificateUpdatedEvent(
                            "echo", buckets.get("echo").orElseThrow()));
            try (Socket wire = wire(echo);
                    SSLSocket after = (SSLSocket) TlsBuckets.context(null, stranger)
                            .getSocketFactory()
                            .createSocket(wire, "localhost", wire.getPort(), false)) {
                after.startHandshake();
                assertThat(after.getSession().getPeerPrincipal().getName()).isEqualTo("CN=stranger");
            }
            before.getOutputStream().write(bytes("still"));
            assertThat(before.getInputStream().readNBytes(5)).isEqualTo(bytes("still"));
        }
    }

    /** What is thrown here would end the reload of every other TLS configuration as well. */
    @ParameterizedTest
    @EnumSource
    @LogsAlso("the keys of the TLS configuration echo cannot be used: .*go on with those in force")
    void aRenewedCertificateThatCannotBeUsedLeavesTheOneInForce(Transports transport) throws IOException {
        TlsBuckets buckets = buckets();
        try (RunningEcho echo = RunningEcho.start(
                transport,
                buckets,
                TLS,
                STREAM,
                "echo.max-connections=100",
                "echo.listeners.second.port=0",
                "echo.listeners.second.max-connections=100",
                "echo.listeners.second.tls-configuration-name=echo")) {
            Path none = Files.writeString(directory.resolve("none.p12"), "no key");
            buckets.with("echo", none, null, HANDSHAKE);
            echo.service()
                    .renewed(new CertificateUpdatedEvent(
                            "echo", buckets.get("echo").orElseThrow()));
            try (SSLSocket peer = connect(echo, null, "TLSv1.3")) {
                assertThat(peer.getSession().getPeerPrincipal().getName()).isEqualTo("CN=server");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatNeverReadsIsForced(Transports transport) throws IOException {
        try (RunningEcho echo = RunningEcho.start(transport, buckets(), TLS, STREAM, "echo.write-stall-timeout=300MS");
                SSLSocket peer = connect(echo, null, "TLSv1.3", 4096)) {
            assertThatThrownBy(() -> {
                        while (true) {
                            peer.getOutputStream().write(new byte[16 << 10]);
                        }
                    })
                    .isInstanceOf(IOException.class);
            echo.expectClosed(CloseReason.WRITE_STALL, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHeaderComesBeforeTheHandshake(Transports transport) throws IOException {
        try (RunningEcho echo = RunningEcho.start(
                        transport,
                        buckets(),
                        TLS,
                        STREAM,
                        "echo.proxy-protocol=required",
                        "echo.trusted-proxies=127.0.0.1");
                Socket wire = wire(echo)) {
            wire.getOutputStream().write(bytes("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n"));
            try (SSLSocket peer = over(wire, null, "TLSv1.3")) {
                peer.getOutputStream().write(bytes("both"));
                assertThat(peer.getInputStream().readNBytes(4)).isEqualTo(bytes("both"));
                assertThat(OpenConnections.of(echo, wire).address().getHostString())
                        .isEqualTo("203.0.113.7");
            }
        }
    }

    @Test
    void whatCannotBeIsToldAllAtOnce() {
        assertThatThrownBy(() -> RunningEcho.start(
                                Transports.NIO,
                                buckets(),
                                "echo.tls-configuration-name=none",
                                "echo.trusted-proxies=10.0.0.0/8",
                                "echo.listeners.a.port=0",
                                "echo.listeners.a.tls-client-auth=required",
                                "echo.listeners.b.port=0",
                                "echo.listeners.b.tls-configuration-name=echo",
                                "echo.listeners.b.tls-client-auth=request")
                        .close())
                .hasMessageContaining("echo.tls-configuration-name=none: there is no such TLS configuration")
                .hasMessageContaining("echo.trusted-proxies needs echo.proxy-protocol")
                .hasMessageContaining("echo.listeners.a.tls-client-auth=required needs")
                .hasMessageContaining("echo.listeners.b.tls-client-auth=request needs certificates to trust");
    }

    private static TlsBuckets buckets() {
        return new TlsBuckets().with("echo", server, null, HANDSHAKE);
    }

    private static Socket wire(RunningEcho echo) throws IOException {
        Socket wire = new Socket();
        wire.setSoTimeout(TIMEOUT_MILLIS);
        wire.connect(echo.address(), TIMEOUT_MILLIS);
        return wire;
    }

    private static SSLSocket connect(RunningEcho echo, Path keys, String protocol) throws IOException {
        return connect(echo, keys, protocol, 0);
    }

    private static SSLSocket connect(RunningEcho echo, Path keys, String protocol, int receiveBuffer)
            throws IOException {
        Socket wire = new Socket();
        if (receiveBuffer > 0) {
            wire.setReceiveBufferSize(receiveBuffer);
        }
        wire.setSoTimeout(TIMEOUT_MILLIS);
        wire.connect(echo.address(), TIMEOUT_MILLIS);
        SSLSocket peer = over(wire, keys, protocol);
        peer.startHandshake();
        return peer;
    }

    private static SSLSocket over(Socket wire, Path keys, String protocol) throws IOException {
        SSLSocket peer = (SSLSocket) TlsBuckets.context(keys, server)
                .getSocketFactory()
                .createSocket(wire, "localhost", wire.getPort(), true);
        peer.setEnabledProtocols(new String[] {protocol});
        return peer;
    }

    private static Map<TlsOutcome, Long> outcomes(RunningEcho echo) {
        Map<TlsOutcome, Long> outcomes = new EnumMap<>(TlsOutcome.class);
        for (TlsOutcome outcome : TlsOutcome.values()) {
            if (echo.traffic().handshakes(outcome) > 0) {
                outcomes.put(outcome, echo.traffic().handshakes(outcome));
            }
        }
        return outcomes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
