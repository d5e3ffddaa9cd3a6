package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.net.EventLoops;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several sockets on one address. */
class ShardsTest {
    private static final int CONNECTIONS = 64;

    @Test
    void shareAPortAndServeWhatTheyAcceptOnTheirOwnLoops() {
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.mode=stream", "echo.accept-shards=2")) {
            List<ListeningSocket> sockets = echo.listener().sockets();
            assertThat(sockets).hasSize(2).extracting(ListeningSocket::address).containsOnly(echo.address());
            assertThat(sockets).extracting(ListeningSocket::otherListeners).containsOnly(0);
            Set<String> accepting = new HashSet<>();
            sockets.forEach(
                    socket -> accepting.add(EventLoops.name(socket.loop().orElseThrow())));
            assertThat(accepting).hasSize(2);

            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                peers.add(echo.connect().send("x").expect("x"));
            }
            Map<String, Integer> serving = echo.listener().connectionsByLoop();
            assertThat(serving.values().stream().mapToInt(Integer::intValue).sum())
                    .isEqualTo(CONNECTIONS);
            serving.forEach((loop, count) ->
                    assertThat(count > 0).as("%s serves %d", loop, count).isEqualTo(accepting.contains(loop)));
            peers.forEach(Peer::close);
            await().until(() -> echo.traffic().active() == 0);
            assertThat(echo.listener().connectionsByLoop().values()).containsOnly(0);
        }
    }

    @Test
    void oneSocketDealsConnectionsToEveryLoopInTurn() {
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.mode=stream")) {
            int loops = echo.listener().connectionsByLoop().size();
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < 3 * loops; i++) {
                peers.add(echo.connect().send("x").expect("x"));
            }
            assertThat(echo.listener().connectionsByLoop().values()).containsOnly(3);
            peers.forEach(Peer::close);
        }
    }

    @Test
    void areRefusedWhereTheyCannotBe() {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() ->
                        RunningEcho.start(Transports.EPOLL, "echo.accept-shards=4", "echo.socket.reuse-port=false"))
                .withMessage("listener default: echo.accept-shards=4 needs echo.socket.reuse-port=true");
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> RunningEcho.start(Transports.NIO, "echo.accept-shards=4"))
                .withMessageContaining("needs the native transport");
    }
}
