package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.kernel.NetworkCounters;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Ss;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a service looks like that does not get round to accept(). */
class AcceptQueueTest {
    private static final int CLIENTS = 6;

    @ParameterizedTest
    @EnumSource
    void aStoppedAcceptorFillsTheQueueAndTheRestIsCounted(Transports transport) throws IOException {
        CountDownLatch stopped = new CountDownLatch(1);
        List<SocketChannel> clients = new ArrayList<>();
        try (RunningEcho echo = RunningEcho.start(transport, "echo.socket.accept-backlog=1")) {
            ListeningSocket socket = echo.listener().sockets().get(0);
            Map<NetworkCounters, Long> before = NetworkCounters.read();
            stop(socket, stopped);
            try {
                for (int i = 0; i < CLIENTS; i++) {
                    SocketChannel client = SocketChannel.open();
                    client.configureBlocking(false);
                    client.connect(echo.address());
                    clients.add(client);
                }
                await().until(() -> socket.acceptQueue().current() == 2); // N + 1 get in
                assertThat(socket.acceptQueue().max()).isEqualTo(1);
                Ss ss = Ss.listening(echo.address());
                assertThat(ss.recvQ()).isEqualTo(2);
                assertThat(ss.sendQ()).isEqualTo(1);
                await().until(() -> grown(before, NetworkCounters.ListenOverflows) > 0);
                assertThat(grown(before, NetworkCounters.ListenDrops)).isPositive();
            } finally {
                stopped.countDown();
            }
            await().until(() -> socket.acceptQueue().current() == 0);
            assertThat(socket.acceptQueue().peak()).isEqualTo(2);
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    /** The kernel counts the ACK of each of their handshakes as a drop, until there are data. */
    @Test
    void clientsWhoseAcceptIsDeferredAreNoDrops() throws IOException {
        try (RunningEcho echo =
                RunningEcho.start(Transports.EPOLL, "echo.mode=stream", "echo.socket.tcp-defer-accept=30S")) {
            Ss ss = Ss.listening(echo.address());
            try (Peer peer = echo.connect()) {
                peer.send("x").expect("x");
            }
            await().until(() -> Ss.listening(echo.address()).number(",d(\\d+)\\)") > 0);
            AcceptQueue queue = echo.listener().sockets().get(0).acceptQueue();
            assertThat(queue.drops()).as("not known").isNegative();
            assertThat(queue.max()).isEqualTo(ss.sendQ());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSamplerSeesAPeakThatNobodyAskedFor(Transports transport) throws IOException {
        CountDownLatch stopped = new CountDownLatch(1);
        try (RunningEcho echo = RunningEcho.start(transport);
                SocketChannel client = SocketChannel.open()) {
            ListeningSocket socket = echo.listener().sockets().get(0);
            stop(socket, stopped);
            try {
                client.connect(echo.address());
                await().until(() -> Ss.listening(echo.address()).recvQ() == 1);
                await().until(() -> socket.acceptQueue().peak() == 1);
            } finally {
                stopped.countDown();
            }
            await().until(() -> Ss.listening(echo.address()).recvQ() == 0);
            assertThat(socket.acceptQueue().peak()).isEqualTo(1);
        }
    }

    private static long grown(Map<NetworkCounters, Long> before, NetworkCounters counter) {
        return NetworkCounters.read().get(counter) - before.get(counter);
    }

    /** Holds the accepting loop up until the latch falls; returns once it is held. */
    private static void stop(ListeningSocket socket, CountDownLatch until) {
        CountDownLatch held = new CountDownLatch(1);
        socket.loop().orElseThrow().execute(() -> {
            held.countDown();
            waitFor(until);
        });
        waitFor(held);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
