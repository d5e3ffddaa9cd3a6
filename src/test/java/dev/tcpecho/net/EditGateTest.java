package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EditGateTest {
    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger searches = new AtomicInteger();
    private final AtomicReference<Throwable> problem = new AtomicReference<>();
    private final List<Throwable> told = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch searching = new CountDownLatch(0);

    private final EditGate gate = new EditGate(this::search, why -> told.add(why.orElseThrow()), clock::get);

    private Optional<Throwable> search() {
        searches.incrementAndGet();
        try {
            searching.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.ofNullable(problem.get());
    }

    private RunningEcho start(Transports transport) {
        RunningEcho echo = RunningEcho.start(transport);
        echo.listener().sockets().get(0).adoption().putBehind(gate).join();
        return echo;
    }

    @ParameterizedTest
    @EnumSource
    void oneSearchAnswersAllThatArriveMeanwhile(Transports transport) {
        searching = new CountDownLatch(1);
        try (RunningEcho echo = start(transport)) {
            List<Peer> peers = IntStream.range(0, 20)
                    .mapToObj(i -> echo.connect().send("peer " + i))
                    .toList();
            await().until(() -> searches.get() == 1);
            assertThat(echo.traffic().opened()).isZero();
            searching.countDown();
            IntStream.range(0, 20).forEach(i -> peers.get(i).expect("peer " + i).expectFin());
            peers.forEach(Peer::close);
            assertThat(searches).hasValue(1);
            assertThat(echo.traffic().opened()).isEqualTo(20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void searchesAgainWhenTwoSecondsHavePassed(Transports transport) {
        try (RunningEcho echo = start(transport)) {
            for (int expected : new int[] {1, 1, 2}) {
                clock.addAndGet(EditGate.INTERVAL.toNanos() / 2);
                try (Peer peer = echo.connect()) {
                    peer.send("hello").expect("hello").expectFin();
                }
                assertThat(searches).hasValue(expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whileNoApplicationCanRunConnectionsAreResetUntilASearchFindsThatOneDoes(Transports transport) {
        try (RunningEcho echo = start(transport)) {
            problem.set(new IllegalStateException("an edit that does not compile"));
            expectReset(echo);
            expectReset(echo);
            assertThat(searches).hasValue(1);
            clock.addAndGet(EditGate.INTERVAL.toNanos());
            expectReset(echo);
            await().untilAsserted(() -> assertThat(told).hasSize(2).containsOnly(problem.get()));
            problem.set(null);
            clock.addAndGet(EditGate.INTERVAL.toNanos());
            try (Peer peer = echo.connect()) {
                peer.send("hello").expect("hello").expectFin();
            }
            assertThat(echo.traffic().opened()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void moreThanAFewWaitInTheAcceptQueue(Transports transport) {
        searching = new CountDownLatch(1);
        int peers = EditGate.MOST_WAITING + 50;
        try (RunningEcho echo = start(transport)) {
            List<Peer> waiting = IntStream.range(0, peers)
                    .mapToObj(i -> echo.connect().send("x"))
                    .toList();
            await().until(() -> gate.waiting() >= EditGate.MOST_WAITING);
            searching.countDown();
            waiting.forEach(peer -> peer.expect("x").expectFin());
            waiting.forEach(Peer::close);
            assertThat(echo.traffic().opened()).isEqualTo(peers);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoeverWaitsAtAShutGateIsForTheNextGenerationToTake(Transports transport) {
        searching = new CountDownLatch(1);
        try (RunningEcho echo = start(transport);
                Peer peer = echo.connect()) {
            await().until(() -> searches.get() == 1);
            gate.shut();
            gate.take().forEach(EditGate::turnAway);
            peer.expectReset();
            searching.countDown();
            assertThat(told).isEmpty();
        }
    }

    private static void expectReset(RunningEcho echo) {
        try (Socket socket =
                new Socket(echo.address().getAddress(), echo.address().getPort())) {
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
