package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.kernel.NetworkCounters;
import dev.tcpecho.kernel.SavedSyn;
import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.net.AcceptQueue;
import dev.tcpecho.option.KeepAlive;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Ss;
import dev.tcpecho.testing.Transports;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel tells of connections and listening sockets, against what ss says of the same ones. */
class KernelFactsTest {
    private static OpenConnection only(RunningEcho echo) {
        return OpenConnection.oldest(echo.service().listeners(), 1).get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void theSynIsThatOfTheClient(String host) {
        try (RunningEcho echo = RunningEcho.start(
                        Transports.EPOLL, "echo.mode=stream", "echo.host=" + host, "echo.socket.tcp-save-syn=true");
                Peer peer = echo.connect()) {
            peer.send("x").expect("x");
            SavedSyn syn = only(echo).socket().syn();
            Ss ss = Ss.accepted(echo.address(), peer.socket().getLocalPort());
            assertThat(syn.windowScale()).hasValue((int) ss.number("wscale:(\\d+),"));
            assertThat(syn.mss().orElseThrow()).isGreaterThan(60_000); // of the loop-back interface
            assertThat(syn.sackPermitted()).isEqualTo(ss.shows("sack"));
            assertThat(syn.timestamps()).isEqualTo(ss.shows("ts"));
            assertThat(syn.ttl()).isEqualTo(64);
            assertThat(syn.hops()).isZero();
            assertThat(syn.malformed()).isFalse();
            assertThat(only(echo).socket().syn()).as("read once, kept").isEqualTo(syn);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noSynIsKeptUnlessAskedFor(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream");
                Peer peer = echo.connect()) {
            peer.send("x").expect("x");
            assertThat(only(echo).socket().synAsked()).isFalse();
            assertThat(ConnectionFacts.json(only(echo)).getValue("syn")).isNull();
        }
    }

    @Test
    void moreOfTcpInfoIsThatOfTheKernel() {
        byte[] bytes = new byte[300_000];
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.mode=stream");
                Peer peer = echo.connect()) {
            peer.send(bytes).expect(bytes);
            // Acknowledgements may still be on their way.
            await().untilAsserted(() -> {
                Ss ss = Ss.accepted(echo.address(), peer.socket().getLocalPort());
                TcpInfo info = only(echo).socket().tcpInfo();
                assertThat(info.unacked()).isZero();
                assertThat(info.bytesSent()).hasValue(ss.number("bytes_sent:(\\d+)"));
                assertThat(info.bytesRetransmitted()).hasValue(ss.retransmitted());
                assertThat(info.delivered()).hasValue(ss.number("delivered:(\\d+)"));
                // Less than a millisecond is not shown.
                assertThat(info.busy().orElseThrow() / 1000)
                        .isEqualTo(ss.shows("busy:\\d+ms") ? ss.number("busy:(\\d+)ms") : 0);
                assertThat(info.minRtt().orElseThrow()).isPositive();
                assertThat(info.sendWindow()).hasValue(ss.number("snd_wnd:(\\d+)"));
                assertThat(info.receiveWindow().orElseThrow()).isPositive(); // this ss does not show it
            });
        }
    }

    @Test
    void aFieldThatTheKernelDoesNotSendIsNull() {
        TcpInfo old = new TcpInfo(ByteBuffer.allocate(TcpInfo.LENGTH), 104);
        assertThat(old.busy()).isEmpty();
        assertThat(old.minRtt()).isEmpty();
        assertThat(old.pacingRate()).isEmpty();
        assertThat(old.rtt()).isZero();
        assertThat(ConnectionFacts.json(old).getValue("sendWindow")).isNull();
        assertThat(LimitedBy.of("default", old, 1000, Optional.empty())).isEmpty();
        TcpInfo newer = new TcpInfo(ByteBuffer.allocate(TcpInfo.LENGTH), 192);
        assertThat(newer.busy()).hasValue(0);
        assertThat(newer.bytesSent()).isEmpty();
    }

    @Test
    void theNextKeepAliveProbeIsDueWhenTheKernelSaysSo() {
        try (RunningEcho echo = RunningEcho.start(
                        Transports.EPOLL,
                        "echo.mode=stream",
                        "echo.socket.tcp-keep-alive=true",
                        "echo.socket.tcp-keep-alive-idle=100S",
                        "echo.socket.tcp-keep-alive-interval=7S",
                        "echo.socket.tcp-keep-alive-count=3");
                Peer peer = echo.connect()) {
            peer.send("x").expect("x");
            await().until(() ->
                    Ss.accepted(echo.address(), peer.socket().getLocalPort()).shows("timer:\\(keepalive"));
            OpenConnection open = only(echo);
            KeepAlive keepAlive = open.socket().keepAlive();
            assertThat(keepAlive.armed()).isTrue();
            assertThat(keepAlive.deadPeerFoundAfter()).isEqualTo(Duration.ofSeconds(121));
            assertThat(keepAlive.nextProbe(open.socket().tcpInfo()).orElseThrow())
                    .isBetween(Duration.ofSeconds(70), Duration.ofSeconds(100));
            assertThat(open.socket().tcpInfo().unansweredProbes()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepAliveThatIsOffIsSeenOnEveryTransport(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream");
                Peer peer = echo.connect()) {
            peer.send("x").expect("x");
            assertThat(only(echo).socket().keepAlive().armed()).isFalse();
            assertThat(ConnectionFacts.json(only(echo))
                            .getJsonObject("keepAlive")
                            .getValue("nextProbeMillis"))
                    .isNull();
        }
    }

    @Test
    void aSlowReaderIsTheReceiversLimit() {
        byte[] much = new byte[16 << 20];
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.mode=stream");
                Peer peer = Peer.connect(echo.address(), 4096)) {
            Thread sending = new Thread(() -> peer.trySend(much));
            sending.start();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                peer.read(2048);
                assertThat(only(echo).limitedBy().orElseThrow().by()).isEqualTo(LimitedBy.By.RECEIVER);
            });
            assertThat(only(echo).limitedBy().orElseThrow().note()).contains("reads slowly");
            peer.reset();
        }
    }

    /** 50 KB a second, into the window that a client has by default. */
    @Test
    void aReaderThatTakesItsTimeIsTheReceiversLimit() {
        byte[] much = new byte[16 << 20];
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.mode=stream");
                Peer peer = echo.connect()) {
            Thread sending = new Thread(() -> peer.trySend(much));
            sending.start();
            await().pollInterval(Duration.ofMillis(100))
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> {
                        peer.read(5000);
                        assertThat(only(echo).limitedBy().orElseThrow().by()).isEqualTo(LimitedBy.By.RECEIVER);
                    });
            peer.reset();
        }
    }

    @Test
    void aFastTransferIsLimitedByNothing() {
        byte[] bytes = new byte[1 << 20];
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.mode=stream");
                Peer peer = echo.connect()) {
            peer.send("x").expect("x");
            assertThat(only(echo).limitedBy().orElseThrow().note()).contains("too little");
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(1))
                    .untilAsserted(() -> {
                        peer.sending(bytes);
                        peer.expect(bytes);
                        LimitedBy limit = only(echo).limitedBy().orElseThrow();
                        assertThat(limit.note()).contains("nothing was lost");
                        assertThat(limit.by()).isEqualTo(LimitedBy.By.NOTHING);
                    });
        }
    }

    /** While its loop is held up, nobody accepts: with a backlog of 1, two wait and the others are dropped. */
    @Test
    void dropsAreThoseOfTheVerySocket() throws IOException, InterruptedException {
        try (RunningEcho echo = RunningEcho.start(
                Transports.EPOLL,
                "echo.max-connections=100",
                "echo.listeners.other.max-connections=100",
                "echo.socket.accept-backlog=1",
                "echo.listeners.other.port=0")) {
            long before = NetworkCounters.read().get(NetworkCounters.ListenDrops);
            Listener small = echo.listener();
            EventLoop accepting = small.sockets().get(0).loop().orElseThrow();
            CountDownLatch hold = new CountDownLatch(1);
            accepting.execute(() -> {
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(connecting(echo.address()));
            }
            await().until(() -> queue(small).drops() >= 4);
            await().untilAsserted(() -> assertThat(queue(small).drops())
                    .isEqualTo(Ss.listening(echo.address()).number(",d(\\d+)\\)")));
            long drops = queue(small).drops();
            assertThat(queue(echo.service().listeners().get(1)).drops()).isZero();
            assertThat(NetworkCounters.read().get(NetworkCounters.ListenDrops) - before)
                    .isGreaterThanOrEqualTo(drops);
            hold.countDown();
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static AcceptQueue queue(Listener listener) {
        return listener.sockets().get(0).acceptQueue();
    }

    /** Begins to connect, and may not get anywhere. */
    private static Socket connecting(InetSocketAddress address) {
        Socket socket = new Socket();
        Thread thread = new Thread(() -> {
            try {
                socket.connect(address, 10_000);
            } catch (IOException e) {
                // Its SYN was dropped.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return socket;
    }

    @Test
    void dropsOfNioAreUnknown() {
        try (RunningEcho echo = RunningEcho.start(Transports.NIO)) {
            assertThat(queue(echo.listener()).drops()).isNegative();
        }
    }
}
