package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.net.ProxyHeader;
import dev.tcpecho.net.ProxyOutcome;
import dev.tcpecho.testing.LogsAlso;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import io.netty.channel.Channel;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Headers of the PROXY protocol on the wire: whole, in pieces, late, wrong, and from those who may not send one. */
class ProxyHeaderTest {
    private static final String V1 = "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n";
    private static final String REQUIRED = "echo.proxy-protocol=required";
    private static final String OPTIONAL = "echo.proxy-protocol=optional";
    private static final String TRUST = "echo.trusted-proxies=127.0.0.0/8";
    private static final String STREAM = "echo.mode=stream";
    private static final int PROXY = 0x21;
    private static final int LOCAL = 0x20;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final byte[] V4_ADDRESSES = HexFormat.of().parseHex("cb007107c0000201dc0401bb");

    @ParameterizedTest
    @EnumSource
    void takesTheHeaderOffAndEchoesWhatComesWithIt(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, REQUIRED, TRUST, STREAM);
                Peer peer = echo.connect()) {
            peer.send(V1 + "hello").expect("hello");
            ProxyHeader header = header(echo, peer);
            assertThat(header.version()).isEqualTo(1);
            assertThat(header.source()).contains(new InetSocketAddress("203.0.113.7", 56324));
            assertThat(header.destination()).contains(new InetSocketAddress("192.0.2.1", 443));
            peer.send("more").expect("more").fin().expectFin();
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(9);
            assertThat(outcomes(echo)).isEqualTo(Map.of(ProxyOutcome.ACCEPTED, 1L));
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesAHeaderInSingleBytes(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, REQUIRED, TRUST, STREAM)) {
            for (byte[] header :
                    new byte[][] {ascii(V1), v2(PROXY, TCP4, V4_ADDRESSES, tlv(0x02, ascii("example.org")))}) {
                try (Peer peer = echo.connect()) {
                    for (byte each : header) {
                        peer.send(new byte[] {each});
                    }
                    peer.send("x").expect("x");
                    assertThat(header(echo, peer).source()).contains(new InetSocketAddress("203.0.113.7", 56324));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsVersionTwoWithItsFieldsByName(Transports transport) {
        byte[] ssl = concat(new byte[] {1, 0, 0, 0, 0}, tlv(0x21, ascii("TLSv1.3")), tlv(0x22, ascii("client")));
        byte[] header = v2(
                PROXY,
                TCP4,
                V4_ADDRESSES,
                tlv(0x01, ascii("h2")),
                tlv(0x02, ascii("example.org")),
                tlv(0x05, new byte[] {1, 2, (byte) 0xff}),
                tlv(0x20, ssl),
                tlv(0x30, ascii("blue")),
                tlv(0xEA, concat(new byte[] {1}, ascii("vpce-08d2bf15fac5001c9"))),
                tlv(0xEE, new byte[] {1, 0x78, 0x56, 0x34, 0x12}),
                tlv(0xE0, new byte[] {0, 0, 0, 0, 0, 0, 1, 0}),
                tlv(0xE7, new byte[] {0x1b, '['}));
        try (RunningEcho echo = RunningEcho.start(transport, OPTIONAL, TRUST, STREAM);
                Peer peer = echo.connect()) {
            peer.send(concat(header, ascii("data"))).expect("data");
            assertThat(header(echo, peer).tlvs())
                    .extracting(tlv -> tlv.name() + "=" + tlv.value())
                    .containsExactly(
                            "ALPN=h2",
                            "AUTHORITY=example.org",
                            "UNIQUE_ID=0x0102ff",
                            "SSL=TLS, no certificate, verified",
                            "SSL_VERSION=TLSv1.3",
                            "SSL_CN=client",
                            "NETNS=blue",
                            "AWS_VPCE_ID=vpce-08d2bf15fac5001c9",
                            "AZURE_PRIVATE_ENDPOINT_LINKID=305419896",
                            "GCP_PSC_CONNECTION_ID=256",
                            "null=0x1b5b");
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsIpv6Addresses(Transports transport) {
        byte[] addresses = concat(
                HexFormat.of().parseHex("20010db8000000000000000000000007"),
                HexFormat.of().parseHex("20010db8000000000000000000000001"),
                new byte[] {0, 80, 1, (byte) 0xbb});
        try (RunningEcho echo = RunningEcho.start(transport, REQUIRED, TRUST, STREAM);
                Peer peer = echo.connect()) {
            peer.send(concat(v2(PROXY, TCP6, addresses), ascii("6"))).expect("6");
            assertThat(header(echo, peer).source()).contains(new InetSocketAddress("2001:db8::7", 80));
        }
    }

    @ParameterizedTest
    @EnumSource
    void servesAProxyThatSpeaksForItself(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, REQUIRED, TRUST, STREAM)) {
            for (byte[] header : new byte[][] {v2(LOCAL, 0, new byte[0]), ascii("PROXY UNKNOWN\r\n")}) {
                try (Peer peer = echo.connect()) {
                    peer.send(concat(header, ascii("up?"))).expect("up?");
                    assertThat(header(echo, peer).source()).isEmpty();
                }
            }
            assertThat(outcomes(echo)).isEqualTo(Map.of(ProxyOutcome.LOCAL, 2L));
        }
    }

    @ParameterizedTest
    @EnumSource
    @LogsAlso("it is none of the trusted proxies")
    void believesNoStranger(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, REQUIRED, "echo.trusted-proxies=192.0.2.0/24")) {
            Peer.tryConnect(echo.address()).ifPresent(peer -> {
                peer.trySend(ascii(V1 + "hello"));
                peer.expectReset();
                peer.close();
            });
            echo.expectClosed(CloseReason.PROXY_ERROR, 1);
            assertThat(outcomes(echo)).isEqualTo(Map.of(ProxyOutcome.UNTRUSTED, 1L));
        }
        try (RunningEcho echo = RunningEcho.start(transport, OPTIONAL, "echo.trusted-proxies=192.0.2.0/24", STREAM);
                Peer peer = echo.connect()) {
            peer.send(V1).expect(V1).fin().expectFin();
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(V1.length());
            assertThat(outcomes(echo)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void resetsWhatIsNoHeaderWhereOneIsRequired(Transports transport) {
        byte[] wrongSum = v2(PROXY, TCP4, V4_ADDRESSES, tlv(0x03, new byte[] {1, 2, 3, 4}));
        byte[][] wrong = {
            ascii("GET / HTTP/1.1\r\n"),
            ascii("PROXY TCP4 999.0.0.1 192.0.2.1 1 2\r\n"),
            ascii("PROXY TCP4 203.0.113.7\r\n"),
            ascii("PROXY " + "x".repeat(101) + "\r\n"),
            ascii("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\n"),
            ascii("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443 \r\n"),
            ascii("PROXY TCP4 203.0.113.7  192.0.2.1 56324 443\r\n"),
            ascii("PROXY TCP4 203.0.113.7 192.0.2.1 056324 443\r\n"),
            ascii("PROXY TCP4 203.0.113.7 192.0.2.1 +56324 443\r\n"),
            ascii("PROXY TCP4 203.0.113.7 192.0.2.1 65536 443\r\n"),
            ascii("PROXY TCP4 203.0.113.07 192.0.2.1 56324 443\r\n"),
            ascii("PROXY TCP6 fe80::1%eth0 2001:db8::1 56324 443\r\n"),
            ascii("PROXY TCP6 203.0.113.7 192.0.2.1 56324 443\r\n"),
            ascii("PROXY TCP6 ::1::2 2001:db8::1 56324 443\r\n"),
            ascii("PROXY UNKNOWN\rx\r\n"),
            v2(0x31, TCP4, V4_ADDRESSES),
            v2(PROXY, TCP4, new byte[4]),
            v2(PROXY, TCP4, V4_ADDRESSES, tlv(0xE1, new byte[9000])),
            wrongSum
        };
        try (RunningEcho echo = RunningEcho.start(transport, REQUIRED, TRUST, STREAM)) {
            for (byte[] each : wrong) {
                try (Peer peer = echo.connect()) {
                    peer.trySend(each);
                    peer.expectReset();
                }
            }
            echo.expectClosed(CloseReason.PROXY_ERROR, wrong.length);
            assertThat(outcomes(echo)).isEqualTo(Map.of(ProxyOutcome.INVALID, (long) wrong.length));
            assertThat(echo.traffic().bytesSent()).isZero();
        }
    }

    /** Ports begin at 0, and what follows UNKNOWN is for nobody. */
    @ParameterizedTest
    @EnumSource
    void readsEveryLineThatTheProtocolAllows(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, REQUIRED, TRUST, STREAM)) {
            for (String line : new String[] {
                "PROXY TCP4 0.0.0.0 255.255.255.255 0 65535",
                "PROXY TCP6 ::ffff:203.0.113.7 2001:DB8:0:0:0:0:0:1 0 65535",
                "PROXY UNKNOWN",
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535",
                "PROXY UNKNOWN " + "x".repeat(91)
            }) {
                try (Peer peer = echo.connect()) {
                    peer.send(line + "\r\nx").expect("x");
                    assertThat(header(echo, peer).source().map(InetSocketAddress::getPort))
                            .isEqualTo(line.contains("UNKNOWN") ? Optional.empty() : Optional.of(0));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void acceptsTheRightChecksum(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, REQUIRED, TRUST, STREAM);
                Peer peer = echo.connect()) {
            peer.send(concat(summed(v2(PROXY, TCP4, V4_ADDRESSES, tlv(0x03, new byte[4]))), ascii("ok")))
                    .expect("ok");
        }
    }

    @ParameterizedTest
    @EnumSource
    void takesOtherBytesAsTheyAreWhereAHeaderIsOptional(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, OPTIONAL, TRUST, STREAM)) {
            for (String text : new String[] {"P", "PROX", "hello", "\r\n\r\n", "PROXIES"}) {
                try (Peer peer = echo.connect()) {
                    peer.send(text).fin().expect(text).expectFin();
                }
            }
            echo.expectClosed(CloseReason.PEER_FIN, 5);
            assertThat(outcomes(echo)).isEqualTo(Map.of(ProxyOutcome.ABSENT, 5L));
        }
    }

    @ParameterizedTest
    @EnumSource
    void waitsNoLongerThanItsTime(Transports transport) {
        try (RunningEcho echo =
                RunningEcho.start(transport, REQUIRED, TRUST, STREAM, "echo.proxy-header-timeout=100MS")) {
            try (Peer silent = echo.connect();
                    Peer slow = echo.connect()) {
                slow.send("PROXY TCP4 ");
                silent.expectReset();
                slow.expectReset();
            }
            echo.expectClosed(CloseReason.PROXY_ERROR, 2);
            assertThat(outcomes(echo)).isEqualTo(Map.of(ProxyOutcome.TIMEOUT, 2L));
        }
        try (RunningEcho echo =
                        RunningEcho.start(transport, OPTIONAL, TRUST, STREAM, "echo.proxy-header-timeout=100MS");
                Peer peer = echo.connect()) {
            peer.send("PRO").expect("PRO");
        }
    }

    /** In every mode: also in one that speaks once the header has come, which never does. */
    @ParameterizedTest
    @EnumSource
    void endsABareConnectInOrder(Transports transport) {
        for (EchoMode mode : EchoMode.values()) {
            try (RunningEcho echo = RunningEcho.start(transport, REQUIRED, TRUST, "echo.mode=" + mode)) {
                echo.connect().fin().expectFin().close();
                echo.expectClosed(CloseReason.PEER_FIN, 1);
                assertThat(outcomes(echo)).isEqualTo(Map.of(ProxyOutcome.MISSING, 1L));
                try (Peer peer = echo.connect()) {
                    peer.send("PROXY TCP4").fin().expectReset();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void returnsEveryByteBehindAHeaderToASlowReader(Transports transport) {
        byte[] bytes = new byte[3 << 20];
        new java.util.Random(5).nextBytes(bytes);
        try (RunningEcho echo = RunningEcho.start(transport, REQUIRED, TRUST, STREAM);
                Peer peer = Peer.connect(echo.address(), 4096)) {
            var sending = peer.sendingAndFin(concat(ascii(V1), bytes));
            peer.expect(bytes).expectFin();
            sending.join();
            echo.expectClosed(CloseReason.PEER_FIN, 1);
        }
    }

    private static ProxyHeader header(RunningEcho echo, Peer peer) {
        Channel channel = OpenConnections.of(echo, peer);
        await().until(() -> dev.tcpecho.net.Peer.of(channel).proxy().isPresent());
        return dev.tcpecho.net.Peer.of(channel).proxy().orElseThrow();
    }

    private static Map<ProxyOutcome, Long> outcomes(RunningEcho echo) {
        Map<ProxyOutcome, Long> outcomes = new EnumMap<>(ProxyOutcome.class);
        for (ProxyOutcome outcome : ProxyOutcome.values()) {
            if (echo.traffic().proxyHeaders(outcome) > 0) {
                outcomes.put(outcome, echo.traffic().proxyHeaders(outcome));
            }
        }
        return outcomes;
    }

    private static byte[] v2(int versionAndCommand, int family, byte[] addresses, byte[]... tlvs) {
        byte[] body = concat(addresses, concat(tlvs));
        return concat(
                HexFormat.of().parseHex("0d0a0d0a000d0a515549540a"),
                new byte[] {(byte) versionAndCommand, (byte) family, (byte) (body.length >> 8), (byte) body.length},
                body);
    }

    private static byte[] tlv(int type, byte[] value) {
        return concat(new byte[] {(byte) type, (byte) (value.length >> 8), (byte) value.length}, value);
    }

    /** With the sum in its last four bytes, which are zero so far. */
    private static byte[] summed(byte[] header) {
        CRC32C sum = new CRC32C();
        sum.update(header);
        byte[] summed = Arrays.copyOf(header, header.length);
        for (int i = 0; i < 4; i++) {
            summed[header.length - 1 - i] = (byte) (sum.getValue() >> 8 * i);
        }
        return summed;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
