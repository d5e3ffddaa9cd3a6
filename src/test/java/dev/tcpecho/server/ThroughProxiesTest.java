package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tcpecho.net.ProxyHeader;
import dev.tcpecho.net.ProxyOutcome;
import dev.tcpecho.net.TlsOutcome;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Program;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Ss;
import dev.tcpecho.testing.TlsBuckets;
import dev.tcpecho.testing.Transports;
import io.netty.channel.Channel;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROXY headers of the programs that send them: HAProxy and nginx. */
class ThroughProxiesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "NIO, send-proxy, 1, false",
        "EPOLL, send-proxy, 1, false",
        "NIO, send-proxy-v2, 2, false",
        "EPOLL, send-proxy-v2, 2, false",
        "EPOLL, send-proxy-v2-ssl-cn, 2, false",
        "NIO, send-proxy-v2 ssl verify none, 2, true",
        "EPOLL, send-proxy-v2 ssl verify none, 2, true"
    })
    void haproxyNamesItsClient(Transports transport, String how, int version, boolean tls) throws IOException {
        Path haproxy = tool("haproxy");
        int port = Ports.free();
        try (RunningEcho echo = echo(transport, tls)) {
            Path config = Files.writeString(folder.resolve("haproxy.cfg"), """
                    defaults
                        mode tcp
                        timeout connect 5s
                        timeout client 1m
                        timeout server 1m
                    listen echo
                        bind 127.0.0.1:%d
                        server echo 127.0.0.1:%d %s check inter 5s
                    """.formatted(
                            port, echo.address().getPort(), how));
            try (Program running =
                    Program.start(folder.toFile(), List.of(haproxy.toString(), "-db", "-f", config.toString()))) {
                throughWhichItIsSeen(echo, running, port, version);
                assertThat(echo.traffic().handshakes(TlsOutcome.COMPLETE) > 0).isEqualTo(tls);
                if (version == 2) { // its health checks speak for themselves; those of version 1 reset before they do
                    await().atMost(Duration.ofSeconds(20))
                            .until(() -> echo.traffic().proxyHeaders(ProxyOutcome.LOCAL) > 0);
                }
            }
        }
    }

    /** What a client reads there, in the clear or over HAProxy's TLS, is about the socket behind HAProxy. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theReportThroughHaproxyIsThatOfTheSocketThatServes(boolean tls) throws IOException {
        Path haproxy = tool("haproxy");
        Path keys = TlsBuckets.selfSigned(folder, "front");
        int port = Ports.free();
        try (RunningEcho echo = RunningEcho.start(
                Transports.EPOLL,
                "echo.mode=report",
                "echo.socket.tcp-save-syn=true",
                "echo.socket.send-buffer-size=100000",
                "echo.proxy-protocol=required",
                "echo.trusted-proxies=127.0.0.0/8")) {
            Path config = Files.writeString(folder.resolve("haproxy.cfg"), """
                    defaults
                        mode tcp
                        timeout connect 5s
                        timeout client 1m
                        timeout server 1m
                    listen echo
                        bind 127.0.0.1:%d %s
                        server echo 127.0.0.1:%d send-proxy-v2-ssl
                    """.formatted(
                            port,
                            tls ? "ssl crt " + TlsBuckets.pem(keys) : "",
                            echo.address().getPort()));
            InetSocketAddress front = new InetSocketAddress("127.0.0.1", port);
            try (Program running =
                    Program.start(folder.toFile(), List.of(haproxy.toString(), "-db", "-f", config.toString()))) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> connects(front) || !running.process().isAlive());
                try (Socket client = client(front, tls ? keys : null)) {
                    JsonObject report =
                            new JsonObject(Buffer.buffer(client.getInputStream().readAllBytes()));
                    isThatOfSs(report, echo.address());
                    assertThat(report.getJsonObject("proxy").getString("source"))
                            .isEqualTo("127.0.0.1:" + client.getLocalPort());
                    assertThat(report.getJsonObject("proxy").encode().contains("\"SSL_VERSION\""))
                            .isEqualTo(tls);
                    assertThat(report.getValue("tls")).isNull(); // HAProxy's is not ours
                }
                await().until(() -> echo.traffic().active() == 0);
            }
            assertThat(echo.closedByReason()).doesNotContainKeys(CloseReason.ERROR, CloseReason.PROXY_ERROR);
        }
    }

    private static void isThatOfSs(JsonObject report, InetSocketAddress service) {
        String remote = report.getString("remote");
        Ss ss = Ss.accepted(service, Integer.parseInt(remote.substring(remote.lastIndexOf(':') + 1)));
        assertThat(report.getString("local")).isEqualTo("127.0.0.1:" + service.getPort());
        assertThat(report.getLong("receiveBuffer")).isEqualTo(ss.rb());
        assertThat(report.getLong("sendBuffer")).isEqualTo(ss.tb()).isEqualTo(200_000);
        JsonObject info = report.getJsonObject("tcpInfo");
        assertThat(info.getLong("receiveMss")).isEqualTo(ss.number("rcvmss:(\\d+)"));
        assertThat(report.getJsonObject("syn").getLong("windowScale")).isEqualTo(ss.number("wscale:(\\d+)"));
        assertThat(report.getJsonObject("syn").getBoolean("timestamps")).isEqualTo(ss.shows("ts"));
        assertThat(report.getJsonObject("syn").getBoolean("sackPermitted")).isEqualTo(ss.shows("sack"));
    }

    /** @param keys whose certificate the server shows; null for plain text */
    private static Socket client(InetSocketAddress front, Path keys) throws IOException {
        Socket socket = keys == null
                ? new Socket()
                : TlsBuckets.context(null, keys).getSocketFactory().createSocket();
        socket.setSoTimeout(20_000);
        socket.connect(front, 20_000);
        return socket;
    }

    private static boolean connects(InetSocketAddress front) {
        try (Socket socket = new Socket()) {
            socket.connect(front, 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void nginxNamesItsClient(Transports transport) throws IOException {
        Path nginx = tool("nginx");
        Path module = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");
        assumeTrue(Files.exists(module), "skipped: nginx' stream module is not installed");
        int port = Ports.free();
        try (RunningEcho echo = echo(transport, false)) {
            Path config = Files.writeString(folder.resolve("nginx.conf"), """
                    load_module %s;
                    daemon off;
                    pid %s;
                    error_log stderr warn;
                    events {}
                    stream {
                        server { listen 127.0.0.1:%d; proxy_pass 127.0.0.1:%d; proxy_protocol on; proxy_half_close on; }
                    }
                    """.formatted(
                    module, folder.resolve("nginx.pid"), port, echo.address().getPort()));
            List<String> command = List.of(nginx.toString(), "-p", folder.toString(), "-c", config.toString());
            try (Program running = Program.start(folder.toFile(), command)) {
                throughWhichItIsSeen(echo, running, port, 1);
            }
        }
    }

    private RunningEcho echo(Transports transport, boolean tls) {
        List<String> properties = new ArrayList<>(
                List.of("echo.mode=stream", "echo.proxy-protocol=required", "echo.trusted-proxies=127.0.0.0/8"));
        TlsBuckets buckets = new TlsBuckets();
        if (tls) {
            buckets.with("echo", TlsBuckets.selfSigned(folder, "server"), null, Duration.ofSeconds(10));
            properties.add("echo.tls-configuration-name=echo");
        }
        return RunningEcho.start(transport, buckets, properties.toArray(String[]::new));
    }

    private static void throughWhichItIsSeen(RunningEcho echo, Program proxy, int port, int version) {
        InetSocketAddress front = new InetSocketAddress("127.0.0.1", port);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> answers(front) || !proxy.process().isAlive());
        byte[] bytes = new byte[1 << 20];
        new Random(2).nextBytes(bytes);
        try (Peer peer = Peer.connect(front)) {
            peer.send("x").expect("x");
            ProxyHeader header = OpenConnections.channels(echo).stream()
                    .map(ThroughProxiesTest::header)
                    .filter(each -> each != null
                            && each.source().isPresent()
                            && each.source().get().equals(peer.socket().getLocalSocketAddress()))
                    .findFirst()
                    .orElseThrow();
            assertThat(header.version()).isEqualTo(version);
            assertThat(header.destination()).contains(front);
            CompletableFuture<Void> sending = peer.sendingAndFin(bytes);
            peer.expect(bytes).expectFin();
            sending.join();
        }
        assertThat(echo.traffic().closed(CloseReason.PROXY_ERROR)).isZero();
    }

    private static boolean answers(InetSocketAddress front) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(1000);
            socket.connect(front, 1000);
            socket.getOutputStream().write('?');
            return socket.getInputStream().read() == '?';
        } catch (IOException e) {
            return false;
        }
    }

    private static ProxyHeader header(Channel channel) {
        return dev.tcpecho.net.Peer.of(channel).proxy().orElse(null);
    }

    private static Path tool(String name) {
        Path found = Stream.of("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin")
                .map(each -> Path.of(each, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(found != null, "skipped: " + name + " is not installed");
        return found;
    }
}
