package dev.tcpecho.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tcpecho.testing.PackagedEcho;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import dev.tcpecho.testing.Transports;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What sysctls take away of an option's effect, measured in a network namespace; only epoll can set these options. */
class OverrulingIT {
    /**
     * A silent connection waits to be accepted behind no other: the one that comes later and speaks is served first.
     */
    @ParameterizedTest
    @CsvSource({"1, honoured, 1", "2, inert, 2"})
    void deferAcceptWaitsForBytesUnlessEverySynIsAnsweredWithACookie(String cookies, String status, int accepted) {
        try (Network network = new Network().sysctl("net.ipv4.tcp_syncookies", cookies);
                PackagedEcho echo = start("echo.socket.tcp-defer-accept=7S");
                Peer silent = echo.connect();
                Peer speaking = echo.connect()) {
            assertThat(network.run("sysctl", "-n", "net.ipv4.tcp_syncookies").strip())
                    .isEqualTo(cookies);
            assertThat(statusOf(echo, "TCP_DEFER_ACCEPT")).isEqualTo(status);
            speaking.send("x").expect("x");
            assertThat(echo.meter("echo_connections_active")).isEqualTo(accepted);
            assertThat(silent.socket().isClosed()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 1, honoured, true", "1, 1, inert, false", "3, 2, inert, false"})
    void bytesOfASynAreServedOnlyWithBitTwoAndWithoutCookiesForAll(
            String fastOpen, String cookies, String status, boolean used) throws IOException {
        assumeTrue(
                (Integer.parseInt(Files.readString(Path.of("/proc/sys/net/ipv4/tcp_fastopen"))
                                        .strip())
                                & 1)
                        == 1,
                "skipped: this machine's clients do no fast open (net.ipv4.tcp_fastopen)");
        try (Network network = new Network()
                        .sysctl("net.ipv4.tcp_fastopen", fastOpen)
                        .sysctl("net.ipv4.tcp_syncookies", cookies);
                PackagedEcho echo = start("echo.socket.tcp-fast-open=16")) {
            assertThat(statusOf(echo, "TCP_FASTOPEN")).isEqualTo(status);
            echoedAfterFastOpen(echo); // the first only asks for the cookie of later ones
            echoedAfterFastOpen(echo);
            assertThat(network.counter("TcpExtTCPFastOpenPassive") > 0).isEqualTo(used);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, honoured, 0xb8", "1, ignored, 0x20"})
    void theClassOfAConnectionIsItsClientsWhereItIsReflected(String reflect, String status, String seen) {
        try (Network network = new Network().sysctl("net.ipv4.tcp_reflect_tos", reflect);
                PackagedEcho echo = start("echo.socket.traffic-class=184");
                Peer peer = Peer.ofClass(echo.address(), 0x20)) {
            peer.send("x").expect("x");
            assertThat(network.run(
                            "ss",
                            "-tnHO",
                            "--tos",
                            "state",
                            "established",
                            "sport",
                            "=",
                            ":" + echo.address().getPort()))
                    .contains("tos:" + seen + " ");
            assertThat(echo.meter("echo_socket_option_shortfall", "role=\"accepted\"", "option=\"IP_TOS\""))
                    .isEqualTo(status.equals("ignored") ? 1 : 0);
        }
    }

    private static String statusOf(PackagedEcho echo, String option) {
        return echo.option(option).getString("status");
    }

    /** Connects with a byte in the SYN where the kernel has a cookie of the service, and hears it again. */
    private static void echoedAfterFastOpen(PackagedEcho echo) {
        EpollEventLoopGroup loop = new EpollEventLoopGroup(1);
        try {
            CompletableFuture<Object> answer = new CompletableFuture<>();
            Channel client = new Bootstrap()
                    .group(loop)
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.TCP_FASTOPEN_CONNECT, true)
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext context, Object message) {
                            ReferenceCountUtil.release(message);
                            answer.complete(message);
                        }
                    })
                    .register()
                    .syncUninterruptibly()
                    .channel();
            client.write(Unpooled.wrappedBuffer(new byte[] {'x'}));
            client.connect(echo.address()).syncUninterruptibly();
            client.flush();
            assertThat(answer.orTimeout(20, TimeUnit.SECONDS).join()).isNotNull();
            client.close().syncUninterruptibly();
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private static PackagedEcho start(String... properties) {
        return PackagedEcho.launch(
                        Transports.EPOLL,
                        Network.shell(),
                        Ports.free(),
                        Stream.concat(
                                        Stream.of(properties),
                                        Stream.of(
                                                "echo.mode=stream",
                                                "echo.host=" + Network.ECHO,
                                                "quarkus.http.host=" + Network.SIDE_PORT))
                                .toArray(String[]::new))
                .awaitReady();
    }
}
