package dev.tcpecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.DevMode;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Ports;
import io.netty.channel.epoll.Epoll;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session of dev mode whose very first start fails over a mistake, beside another process on its port. */
class FirstDevStartIT {
    private static final Duration RELOAD = Duration.ofSeconds(60);

    @TempDir
    Path project;

    @Test
    void theNextGoodEditServesOnTheNativeTransportAndASecondProcessOnThePortIsNamed() throws IOException {
        int port = Ports.free();
        try (DevMode mode = DevMode.start(project, "echo.port=" + port + "\necho.prot=7\n")) {
            mode.program().awaitLine("echo.prot: no such key");
            await().atMost(RELOAD).until(() -> mode.sidePort().status("/socket-options") == 500);
            try (ServerSocket other = new ServerSocket()) {
                other.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                other.bind(new InetSocketAddress("127.0.0.1", port));
                mode.remove("echo.prot=7\n");
                await().atMost(RELOAD).until(() -> mode.sidePort().status("/socket-options") == 200);
            }
            JsonObject report =
                    new JsonObject(mode.sidePort().get("/socket-options").body());
            assertThat(report.getString("transport")).isEqualTo(Epoll.isAvailable() ? "epoll" : "nio");
            assertThat(mode.program().awaitLine("another process listens on"))
                    .contains("WARN")
                    .contains("(127.0.0.1, " + port + ")")
                    .contains("echo.socket.reuse-port=false");
            try (Peer peer = Peer.connect(new InetSocketAddress("127.0.0.1", port))) {
                peer.send("hello").expect("hello").expectFin();
            }
        }
    }
}
