package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The limit refuses one connection too many, and no other. */
class AdmissionTest {
    @ParameterizedTest
    @EnumSource
    void refusesOneTooManyAndServesTheNextWhenOneHasEnded(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream", "echo.max-connections=3")) {
            List<Peer> first = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                first.add(echo.connect().send("a").expect("a"));
            }
            Peer.expectRefusal(echo.address());
            assertThat(echo.traffic().refused(RefusalReason.LIMIT)).isEqualTo(1);
            first.forEach(peer -> peer.send("b").expect("b"));
            first.remove(0).close();
            await().until(() -> echo.traffic().active() == 2);
            first.add(echo.connect().send("c").expect("c"));
            assertThat(echo.traffic().refused(RefusalReason.LIMIT)).isEqualTo(1);
            first.forEach(Peer::close);
            echo.expectClosed(CloseReason.PEER_FIN, 4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void countsEveryPlaceAfterTenThousandChurns(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.max-connections=8")) {
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int client = 0; client < 10; client++) {
                clients.add(CompletableFuture.runAsync(() -> churn(echo)));
            }
            clients.forEach(CompletableFuture::join);
            await().until(() -> echo.traffic().active() == 0);
            long opened = echo.traffic().opened();
            assertThat(opened + echo.traffic().refused(RefusalReason.LIMIT)).isEqualTo(10_000);
            assertThat(echo.traffic().closed()).isEqualTo(opened);
            echo.connect().send("x").expect("x").expectFin().close();
        }
    }

    private static void churn(RunningEcho echo) {
        for (int i = 0; i < 1000; i++) {
            Optional<Peer> peer = Peer.tryConnect(echo.address());
            if (i % 2 == 0) {
                peer.ifPresent(Peer::reset);
            } else {
                peer.ifPresent(served -> served.expectEndAfterFin().close());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesOneAddressSoManyPlacesAndCountsTheRest(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream", "echo.max-connections-per-address=2");
                Peer one = echo.connect();
                Peer two = echo.connect()) {
            one.send("a").expect("a");
            two.send("b").expect("b");
            Peer.expectRefusal(echo.address());
            Peer.expectRefusal(echo.address());
            assertThat(echo.traffic().refused(RefusalReason.ADDRESS)).isEqualTo(2);
            assertThat(echo.traffic().opened()).isEqualTo(2);
            one.fin().expectFin();
            await().until(() -> echo.traffic().active() == 1);
            try (Peer third = echo.connect()) {
                third.send("c").expect("c");
            }
            assertThat(echo.traffic().refused(RefusalReason.LIMIT)).isZero();
        }
    }

    /** A refusal is one, whenever it is known: neither opened nor closed, and not among the endings. */
    @ParameterizedTest
    @EnumSource
    void countsARefusalOnceWhereAProxyNamesThePeer(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(
                        transport,
                        "echo.mode=stream",
                        "echo.proxy-protocol=required",
                        "echo.trusted-proxies=127.0.0.1",
                        "echo.connections.enabled=true",
                        "echo.max-connections-per-address=1");
                Peer one = echo.connect().send(header(7) + "a").expect("a");
                Peer other = echo.connect().send(header(8) + "b").expect("b")) {
            try (Peer tooMany = echo.connect().send(header(7))) {
                tooMany.expectEndAfterFin();
            }
            await().until(() -> echo.traffic().active() == 2);
            assertThat(echo.traffic().refused(RefusalReason.ADDRESS)).isEqualTo(1);
            assertThat(echo.traffic().opened()).isEqualTo(2);
            assertThat(echo.traffic().closed()).isZero();
            assertThat(ClosedConnection.newest(echo.service().listeners(), any -> true, 10))
                    .isEmpty();
            try (Peer junk = echo.connect()) {
                junk.trySend(new byte[200]);
                junk.expectReset();
            }
            one.fin().expectFin();
            other.fin().expectFin();
            await().until(() -> echo.traffic().active() == 0);
            assertThat(echo.closedByReason()).isEqualTo(Map.of(CloseReason.PEER_FIN, 2L, CloseReason.PROXY_ERROR, 1L));
            assertThat(echo.traffic().opened()).isEqualTo(3);
            assertThat(echo.listener().addresses()).isZero();
        }
    }

    private static String header(int host) {
        return "PROXY TCP4 203.0.113." + host + " 192.0.2.1 56324 443\r\n";
    }

    @ParameterizedTest
    @EnumSource
    void givesThePlaceOfAnAddressBackAfterManyConnections(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.max-connections-per-address=2500")) {
            for (int i = 0; i < 2500; i++) {
                try (Peer peer = echo.connect()) {
                    peer.reset();
                }
            }
            await().until(() -> echo.traffic().active() == 0);
            assertThat(echo.listener().addresses()).isZero();
            assertThat(echo.traffic().refused(RefusalReason.ADDRESS)).isZero();
        }
    }
}
