package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is served when more ask than there are places for, behind a server that never answers and thus frees none. */
class SidePortPlacesTest {
    private static final int PLACES = 8;
    private static final int FOR_PROBES = 1;
    private static final int WAITING = 8;

    private final EventLoopGroup loops = new NioEventLoopGroup(1);
    private final List<String> served = new CopyOnWriteArrayList<>();
    private final List<Channel> unanswered = new CopyOnWriteArrayList<>();
    private final List<Socket> clients = new ArrayList<>();
    private final SidePortSockets sockets = new SidePortSockets(PLACES, () -> WAITING, failure -> {});
    private Channel port;

    @BeforeEach
    void open() {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast("httpDecoder", new HttpRequestDecoder(1 << 16, 1 << 16, 1 << 16))
                                .addLast("handler", server());
                    }
                });
        sockets.setUp(bootstrap);
        port = bootstrap
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    private ChannelHandler server() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                if (msg instanceof HttpRequest request) {
                    unanswered.add(ctx.channel());
                    served.add(request.method() + " " + request.uri());
                }
                ReferenceCountUtil.release(msg);
            }
        };
    }

    @AfterEach
    void close() throws IOException {
        for (Socket each : clients) {
            each.close();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void aProbeIsServedBeforeThoseWhoAskedBeforeIt() throws IOException {
        List<String> crowd = crowd(PLACES - FOR_PROBES + WAITING / 2);
        await().until(() -> served.size() == PLACES - FOR_PROBES);
        ask("HEAD /q/health/ready HTTP/1.1\r\n\r\n");
        await().untilAsserted(() -> assertThat(served).contains("HEAD /q/health/ready"));
        assertThat(served).hasSize(PLACES).doesNotContain(crowd.get(PLACES - FOR_PROBES));
    }

    @Test
    void allOthersAreServedInTheirOrder() throws IOException {
        List<String> crowd = crowd(PLACES - FOR_PROBES + WAITING / 2);
        await().until(() -> served.size() == PLACES - FOR_PROBES);
        for (int left = 0; left < WAITING / 2; left++) {
            int next = PLACES - FOR_PROBES + left;
            assertThat(served).hasSize(next);
            unanswered.get(left).pipeline().close();
            await().untilAsserted(() -> assertThat(served).hasSize(next + 1));
        }
        assertThat(served).containsExactlyElementsOf(crowd);
    }

    @Test
    void whoSaysTooLittleToKnowHasNoPlace() throws IOException {
        for (int i = 0; i < PLACES; i++) {
            ask(i % 2 == 0 ? "" : "GET /q/hea");
        }
        ask("GET /page HTTP/1.1\r\n\r\n");
        await().untilAsserted(() -> assertThat(served).containsExactly("GET /page"));
        assertThat(sockets.open()).isEqualTo(1);
        assertThat(sockets.waiting()).isEqualTo(PLACES);
        // The last two of them turn out to ask for different things.
        send(clients.get(PLACES - 1), "lth HTTP/1.1\r\n\r\n");
        send(clients.get(PLACES - 3), "p HTTP/1.1\r\n\r\n");
        await().untilAsserted(() -> assertThat(served).contains("GET /q/health", "GET /q/heap"));
        assertThat(sockets.open()).isEqualTo(3);
    }

    @Test
    void whatComesInPiecesArrivesWhole() throws IOException {
        String path = "GET /" + "x".repeat(20_000);
        Socket client = ask(path.substring(0, 1));
        await().until(() -> sockets.waiting() == 1);
        send(client, path.substring(1) + " HTTP/1.1\r\n\r\n");
        await().untilAsserted(() -> assertThat(served).containsExactly(path));
    }

    @Test
    void whoWaitsIsToldOfTheEndOfThePort() throws IOException {
        crowd(PLACES - FOR_PROBES);
        await().until(() -> served.size() == PLACES - FOR_PROBES);
        Socket waiting = ask("GET /late HTTP/1.1\r\n\r\n");
        await().until(() -> sockets.waiting() == 1);
        port.close().syncUninterruptibly();
        assertThat(waiting.getInputStream().read()).isNegative();
        assertThat(served).doesNotContain("GET /late");
    }

    private List<String> crowd(int size) throws IOException {
        List<String> paths = IntStream.range(0, size).mapToObj(i -> "GET /" + i).toList();
        for (String each : paths) {
            int before = sockets.open() + sockets.waiting();
            ask(each + " HTTP/1.1\r\n\r\n");
            await().until(() -> sockets.open() + sockets.waiting() > before);
        }
        return paths;
    }

    private Socket ask(String text) throws IOException {
        Socket client = new Socket();
        clients.add(client);
        client.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), ((InetSocketAddress) port.localAddress()).getPort()));
        client.setSoTimeout(10_000);
        send(client, text);
        return client;
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
