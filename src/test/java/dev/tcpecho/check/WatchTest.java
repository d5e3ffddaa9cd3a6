package dev.tcpecho.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Ports;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchTest {
    /** A service of mode stream that ends the connections, all but the first, that the script picks in another way. */
    private static ScriptedServer spoilt(int every, ScriptedServer.SocketScript spoiler) throws IOException {
        AtomicInteger count = new AtomicInteger();
        return new ScriptedServer((Socket socket) -> {
            if (count.getAndIncrement() % every == every - 1) {
                spoiler.play(socket);
            } else {
                ScriptedServer.STREAM.play(socket.getInputStream(), socket.getOutputStream());
            }
        });
    }

    private static Client watch(ScriptedServer server, String... more) {
        String[] args = new String[more.length + 6];
        String[] first = {"watch", server.hostAndPort(), "--for", "2s", "--timeout", "3s"};
        System.arraycopy(first, 0, args, 0, first.length);
        System.arraycopy(more, 0, args, first.length, more.length);
        return Client.run(args);
    }

    private static void isClean(Client client) {
        assertThat(client.code()).as(client.out() + client.err()).isZero();
        assertThat(client.json().getInteger("bytesLost")).isZero();
        assertThat(client.json().getInteger("dirtyEnds")).isZero();
        assertThat(client.json().getInteger("refused")).isZero();
        assertThat(client.json().getInteger("connections")).isPositive();
    }

    @Test
    void losesNothingOnAStreamListener() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.STREAM)) {
            Client client = watch(server, "--json");
            isClean(client);
            assertThat(client.json().getString("mode")).isEqualTo("stream");
            assertThat(client.json().getInteger("streams")).isEqualTo(4);
            assertThat(client.json().getInteger("bytesEchoed")).isGreaterThan(4096);
            assertThat(client.json().getJsonObject("answeredBy").getMap()).containsOnlyKeys("127.0.0.1");
        }
    }

    @Test
    void losesNothingOnAListenerThatAnswersOnce() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.ONCE)) {
            Client client = watch(server, "--json");
            isClean(client);
            assertThat(client.json().getString("mode")).isEqualTo("once");
            assertThat(client.json().getInteger("streams")).isZero();
        }
    }

    @Test
    void saysWhichPodsAnsweredAReportListener() throws IOException {
        AtomicInteger count = new AtomicInteger();
        ScriptedServer.Script report = (in, out) -> out.write(new JsonObject()
                .put("service", new JsonObject().put("pod", "echo-" + count.getAndIncrement() % 2))
                .encode()
                .getBytes(StandardCharsets.UTF_8));
        try (ScriptedServer server = new ScriptedServer(report)) {
            Client client = watch(server);
            assertThat(client.code()).as(client.out()).isZero();
            assertThat(client.out()).contains("answered by echo-0: ", "answered by echo-1: ", "(mode report)");
        }
    }

    @Test
    void takesACleanEndBetweenTwoBlocksForNoLoss() throws IOException {
        ScriptedServer.SocketScript threeBlocks = socket -> {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(socket.getInputStream().readNBytes(1024));
            }
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        };
        try (ScriptedServer server = spoilt(2, threeBlocks)) {
            Client client = watch(server, "--json", "--rate", "1", "--streams", "6");
            assertThat(client.json().getInteger("reconnects")).as(client.out()).isPositive();
        }
    }

    @Test
    void reportsTheBytesOfConnectionsThatAreReset() throws IOException {
        try (ScriptedServer server = spoilt(5, socket -> {
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
        })) {
            Client client = watch(server, "--json");
            assertThat(client.code()).isOne();
            assertThat(client.json().getBoolean("ok")).isFalse();
            assertThat(client.json().getInteger("bytesLost")).isPositive();
            assertThat(client.json().getJsonObject("failures").getInteger("reset"))
                    .isPositive();
        }
    }

    @Test
    void reportsCleanEndsWithBytesMissing() throws IOException {
        try (ScriptedServer server = spoilt(5, socket -> {
            socket.getOutputStream().write(socket.getInputStream().readNBytes(64), 0, 60);
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        })) {
            Client client = watch(server, "--streams", "0");
            assertThat(client.code()).isOne();
            assertThat(client.out()).contains(" ends with bytes missing\n");
            assertThat(client.lastLine()).matches("failed \\d+ bytes lost, \\d+ dirty ends, 0 refused: .*");
        }
    }

    @Test
    void reportsBytesThatCameBackChanged() throws IOException {
        try (ScriptedServer server = spoilt(5, socket -> {
            byte[] block = socket.getInputStream().readNBytes(64);
            block[63] ^= 1;
            socket.getOutputStream().write(block);
        })) {
            Client client = watch(server, "--json", "--streams", "0");
            assertThat(client.code()).isOne();
            assertThat(client.json().getJsonObject("failures").getInteger("changed"))
                    .isPositive();
        }
    }

    @Test
    void reportsEchoesThatDoNotComeInTime() throws IOException {
        try (ScriptedServer server = spoilt(5, socket -> new CountDownLatch(1).await(20, TimeUnit.SECONDS))) {
            Client client = watch(server, "--json", "--timeout", "1s");
            assertThat(client.code()).isOne();
            assertThat(client.json().getJsonObject("failures").getInteger("stalled"))
                    .as(client.out())
                    .isPositive();
        }
    }

    @Test
    void reportsHowLongNobodyListened() throws IOException {
        int port = Ports.free();
        ScriptedServer before = new ScriptedServer(port, ScriptedServer.ONCE);
        CompletableFuture<Client> watch = CompletableFuture.supplyAsync(
                () -> Client.run("watch", "127.0.0.1:" + port, "--for", "6s", "--timeout", "2s", "--json"));
        await().until(() -> before.served() > 10);
        before.close();
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        try (ScriptedServer after = new ScriptedServer(port, ScriptedServer.ONCE)) {
            Client client = watch.join();
            assertThat(client.code()).as(client.out()).isOne();
            assertThat(client.json().getInteger("refused")).isPositive();
            assertThat(client.json().getInteger("longestGapMillis")).isGreaterThan(900);
            assertThat(after.served()).isPositive();
        }
    }

    /**
     * The tries that were refused are no measure of how long a trip takes: listening as long would take all the time.
     */
    @Test
    void findsOutWhatAServiceDoesThatIsJustAboutToStart() throws IOException {
        int port = Ports.free();
        CompletableFuture<Client> watch = CompletableFuture.supplyAsync(
                () -> Client.run("watch", "127.0.0.1:" + port, "--for", "1s", "--timeout", "5s", "--json"));
        await().pollDelay(Duration.ofMillis(2500)).until(() -> true);
        try (ScriptedServer late = new ScriptedServer(port, ScriptedServer.STREAM)) {
            isClean(watch.join());
            assertThat(late.served()).isPositive();
        }
    }

    @Test
    void failsWhereNobodyListens() {
        Client client = Client.run("watch", "127.0.0.1:" + Ports.free(), "--timeout", "300ms");
        assertThat(client.code()).isOne();
        assertThat(client.lastLine()).startsWith("failed 127.0.0.1:");
    }
}
