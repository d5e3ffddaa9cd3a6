package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.net.EventLoops;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A thousand peers of a listener that holds everything back, and the one beside it. About five seconds each. */
class FaultyCrowdTest {
    private static final int PEERS = 1000;
    private static final int SENT = 64 << 10;

    /** Of one connection, as BlockReads has it: one message of Netty's read loop, up to 16 reads of a block. */
    private static final long MOST_HELD = 16 * 4096;

    @ParameterizedTest
    @EnumSource
    void isBoundedAndNobodyElseNotices(Transports transport) throws IOException {
        try (RunningEcho echo = RunningEcho.start(
                transport,
                "echo.mode=stream",
                "echo.max-connections=2000",
                "echo.socket.accept-backlog=1000",
                "echo.fault.rate=200",
                "echo.fault.delay=100MS",
                "echo.listeners.good.port=0",
                "echo.listeners.good.mode=stream",
                "echo.listeners.good.max-connections=10")) {
            List<Socket> crowd = new ArrayList<>();
            try {
                for (int i = 0; i < PEERS; i++) {
                    Socket socket = new Socket(
                            echo.address().getAddress(), echo.address().getPort());
                    crowd.add(socket);
                    socket.getOutputStream().write(new byte[SENT]); // what is not read waits in the kernel
                }
                await().until(() -> echo.traffic().bytesReceived() >= PEERS * 4096L);
                assertThat(echo.held()).isLessThanOrEqualTo(PEERS * MOST_HELD);
                assertThat(EventLoops.of(echo.vertx()).stream()
                                .mapToInt(loop -> ((SingleThreadEventExecutor) loop).pendingTasks())
                                .sum())
                        .as("tasks that wait, timers apart")
                        .isLessThan(PEERS);
                Listener good = echo.service().listeners().get(1);
                try (Peer peer = Peer.connect(good.sockets().get(0).address())) {
                    for (int i = 0; i < 100; i++) {
                        peer.send("well").expect("well");
                    }
                }
                assertThat(echo.traffic().active()).isEqualTo(PEERS);
                assertThat(echo.listener().fault().faulty()).isEqualTo(PEERS);
            } finally {
                for (Socket each : crowd) {
                    each.setSoLinger(true, 0);
                    each.close();
                }
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> echo.traffic().active() == 0);
            assertThat(echo.traffic().closed(CloseReason.PEER_RESET)
                            + echo.traffic().closed(CloseReason.WRITE_STALL))
                    .isEqualTo(PEERS);
        }
    }
}
