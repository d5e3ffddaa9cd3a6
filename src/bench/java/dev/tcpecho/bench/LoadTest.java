package dev.tcpecho.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The load against small echo servers, right and wrong ones. */
class LoadTest {
    private ServerSocket listener;

    /** Serves one connection. */
    private interface Serve {
        void on(Socket socket) throws IOException;
    }

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    @Test
    void rightEchoCountsWithoutError() throws IOException {
        Tally tally = stream(socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
        assertThat(tally.echoes).isPositive();
        assertThat(tally.errors + tally.mismatches).isZero();
        assertThat(tally.latencies.percentile(0.5)).isPositive();
    }

    @Test
    void oneWrongByteIsFound() throws IOException {
        Tally tally = stream(socket -> {
            byte[] bytes = socket.getInputStream().readNBytes(2000);
            bytes[1999] ^= 1;
            socket.getOutputStream().write(bytes);
            socket.getInputStream().transferTo(socket.getOutputStream());
        });
        assertThat(tally.mismatches).isPositive();
    }

    @Test
    void lostMessageIsFoundThoughLaterOnesAreWhole() throws IOException {
        Tally tally = stream(socket -> {
            socket.getInputStream().readNBytes(500);
            socket.getInputStream().transferTo(socket.getOutputStream());
        });
        assertThat(tally.mismatches).isPositive();
    }

    @Test
    void byteThatWasNeverSentIsAnError() throws IOException {
        Tally tally = stream(socket -> {
            byte[] bytes = socket.getInputStream().readNBytes(2000);
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().write(new byte[100_000]);
            socket.getInputStream().transferTo(socket.getOutputStream());
        });
        assertThat(tally.errors).isPositive();
    }

    @Test
    void connectionClosedByTheServerIsAnError() throws IOException {
        assertThat(stream(socket -> socket.getInputStream().readNBytes(2000)).errors)
                .isPositive();
    }

    @Test
    void oneShotCountsOnlyWholeMessages() throws IOException {
        Tally whole = oneShot(100);
        assertThat(whole.echoes).isPositive();
        assertThat(whole.errors).isZero();
    }

    @Test
    void oneShotCutShortIsAnError() throws IOException {
        Tally cut = oneShot(99);
        assertThat(cut.echoes).isZero();
        assertThat(cut.errors).isPositive();
    }

    @Test
    void holdsConnectionsAfterOneEchoEach() throws IOException {
        serve(socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
        try (HoldLoad load = new HoldLoad(address(), 64)) {
            load.hold(5);
            load.hold(120);
            assertThat(load.held()).isEqualTo(120);
            load.runFor(0.1);
            assertThat(load.tally.echoes).isPositive();
            assertThat(load.tally.errors).isZero();
        }
    }

    @Test
    void patternDiffersOneMessageOn() {
        Pattern pattern = new Pattern(1024);
        byte[] sent = new byte[1024];
        pattern.at(Pattern.PERIOD - 10L, 1024).get(sent);
        assertThat(pattern.matches(ByteBuffer.wrap(sent), Pattern.PERIOD - 10L)).isTrue();
        assertThat(pattern.matches(ByteBuffer.wrap(sent), Pattern.PERIOD - 10L + 1024))
                .isFalse();
    }

    private Tally stream(Serve serve) throws IOException {
        serve(serve);
        try (Load load = new StreamLoad(address(), 2, 500, 4)) {
            load.runFor(0.3);
            return load.tally;
        }
    }

    private Tally oneShot(int reply) throws IOException {
        serve(socket -> socket.getOutputStream().write(socket.getInputStream().readNBytes(100), 0, reply));
        try (Load load = new OneShotLoad(address(), 2, 100)) {
            load.runFor(0.3);
            return load.tally;
        }
    }

    private InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void serve(Serve serve) {
        daemon(() -> {
            while (true) {
                Socket socket = listener.accept();
                daemon(() -> {
                    try (socket) {
                        serve.on(socket);
                    }
                });
            }
        });
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException closed) {
                // the test is over, or the load closed its connection
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
