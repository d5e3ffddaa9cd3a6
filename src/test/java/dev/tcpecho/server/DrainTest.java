package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Shutting down: refuse, let open connections finish, then end the rest at one deadline. */
class DrainTest {
    @ParameterizedTest
    @EnumSource
    void finishesAtOnceWhenNothingIsOpen(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.drain-timeout=1H")) {
            echo.service().drain().join();
            assertThat(echo.service().drained().finished()).isZero();
            assertThat(echo.service().drained().forced()).isZero();
            assertThat(echo.service().state()).isEqualTo(ServiceState.DRAINING);
        }
    }

    @ParameterizedTest
    @EnumSource
    void letsAConnectionInMidEchoFinishAndForcesTheOthers(Transports transport) {
        byte[] bytes = new byte[2 << 20];
        new Random(33).nextBytes(bytes);
        try (RunningEcho echo = RunningEcho.start(
                        transport, "echo.mode=stream", "echo.drain-timeout=1S", "echo.socket.send-buffer-size=65536");
                Peer busy = echo.connect();
                Peer idle = echo.connect();
                Peer deaf = Peer.connect(echo.address(), 4096)) {
            idle.send("x").expect("x");
            CompletableFuture<Void> shouting =
                    CompletableFuture.runAsync(deaf::sendForEver, task -> new Thread(task).start());
            CompletableFuture<Void> sending = busy.sendingAndFin(bytes);
            byte[] first = busy.read(1000);
            CompletableFuture<Void> drain = echo.service().drain();
            await().until(() -> !echo.listener().sockets().get(0).isListening());
            Assertions.assertThatThrownBy(echo::connect)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(ConnectException.class);
            assertThat(first).isEqualTo(java.util.Arrays.copyOf(bytes, 1000));
            busy.expect(java.util.Arrays.copyOfRange(bytes, 1000, bytes.length)).expectFin();
            sending.join();
            drain.join();
            idle.expectFin();
            shouting.join();
            assertThat(echo.traffic().closed(CloseReason.PEER_FIN)).isEqualTo(1);
            assertThat(echo.traffic().closed(CloseReason.DRAIN_TIMEOUT)).isEqualTo(2);
            assertThat(echo.traffic().active()).isZero();
            assertThat(echo.service().drained().finished()).isEqualTo(1);
            assertThat(echo.service().drained().forced()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void acceptsDuringTheDrainDelay(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.drain-delay=0.5S")) {
            CompletableFuture<Void> drain = echo.service().drain();
            await().until(() -> echo.service().state() == ServiceState.DRAINING);
            try (Peer late = echo.connect()) {
                late.send("late").expect("late").expectFin();
            }
            drain.join();
            echo.expectClosed(CloseReason.COMPLETE, 1);
        }
    }

    /** Connections that arrive in the very moment of the drain are served whole or refused, and none is lost. */
    @ParameterizedTest
    @EnumSource
    void losesCountOfNoConnectionThatArrivesWhileTheListenerCloses(Transports transport) {
        for (int round = 0; round < 10; round++) {
            try (RunningEcho echo = RunningEcho.start(transport)) {
                AtomicBoolean over = new AtomicBoolean();
                CompletableFuture<Void> storm = CompletableFuture.runAsync(() -> {
                    while (!over.get()) {
                        connectAndReset(echo);
                    }
                });
                await().until(() -> echo.traffic().opened() > 20);
                echo.service().drain().join();
                assertThat(echo.traffic().active()).isZero();
                assertThat(echo.traffic().opened()).isEqualTo(echo.traffic().closed());
                over.set(true);
                storm.join();
                assertThat(echo.traffic().opened()).isEqualTo(echo.traffic().closed());
            }
        }
    }

    private static void connectAndReset(RunningEcho echo) {
        try {
            echo.connect().reset();
        } catch (UncheckedIOException refused) {
            assertThat(refused.getCause()).isInstanceOf(java.net.SocketException.class);
        }
    }
}
