package dev.tcpecho.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IdleTest {
    private static final int PATIENCE_MILLIS = 1500;

    /** An echo that, once a client is silent for longer than its patience, does as the script says. */
    private static ScriptedServer impatient(ScriptedServer.SocketScript then) throws IOException {
        return new ScriptedServer((Socket socket) -> {
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                ScriptedServer.STREAM.play(socket.getInputStream(), socket.getOutputStream());
            } catch (SocketTimeoutException silent) {
                then.play(socket);
            }
        });
    }

    private static Client idle(ScriptedServer server, String upTo, String... more) {
        String[] args = new String[more.length + 8];
        String[] first = {"idle", server.hostAndPort(), "--up-to", upTo, "--connections", "8", "--timeout", "2s"};
        System.arraycopy(first, 0, args, 0, first.length);
        System.arraycopy(more, 0, args, first.length, more.length);
        return Client.run(args);
    }

    private static void isCut(Client client, String how, boolean exact) {
        assertThat(client.code()).as(client.out() + client.err()).isOne();
        JsonObject cut = client.json().getJsonObject("cut");
        assertThat(cut.getString("how")).isEqualTo(how);
        assertThat(cut.getBoolean("exact")).isEqualTo(exact);
        assertThat(cut.getInteger("afterMillis")).isGreaterThanOrEqualTo(PATIENCE_MILLIS - 100);
        assertThat(client.json().getInteger("survivedMillis")).isLessThan(cut.getInteger("afterMillis"));
    }

    @Test
    void namesTheTimeAndTheFin() throws IOException {
        try (ScriptedServer server = impatient(Socket::close)) {
            isCut(idle(server, "20s", "--json"), "fin", true);
        }
    }

    @Test
    void namesTheTimeAndTheReset() throws IOException {
        try (ScriptedServer server = impatient(socket -> socket.setSoLinger(true, 0))) {
            isCut(idle(server, "20s", "--json"), "reset", true);
        }
    }

    @Test
    void findsBetweenWhichTimesAConnectionIsForgotten() throws IOException {
        try (ScriptedServer server = impatient(socket -> {
            socket.setSoTimeout(0);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        })) {
            isCut(idle(server, "20s", "--json"), "forgotten", false);
        }
    }

    @Test
    void saysThatNoKeepAliveHelpsAgainstOneWhoCountsBytes() throws IOException {
        try (ScriptedServer server = impatient(Socket::close)) {
            Client client = idle(server, "20s");
            assertThat(client.out()).contains("none of the usual time-outs lies there");
            assertThat(client.lastLine()).startsWith("failed cut after ").contains(" s of silence, with a FIN: ");
        }
    }

    @Test
    void endsWellWhereNothingIsCut() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.STREAM)) {
            Client client = idle(server, "2s");
            assertThat(client.code()).as(client.out()).isZero();
            assertThat(client.lastLine()).startsWith("ok no cut: ").contains(" live through 2 s of silence");
        }
    }

    @Test
    void triesAListenerThatAnswersOnceByItsOnlyAnswer() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.ONCE)) {
            Client client = idle(server, "2s");
            assertThat(client.code()).as(client.out()).isZero();
            assertThat(client.lastLine()).contains("(mode once)");
        }
    }

    @Test
    void doesNotTakeOneConnectionThatEndsForACut() throws IOException {
        AtomicInteger count = new AtomicInteger();
        try (ScriptedServer server = new ScriptedServer((Socket socket) -> {
            if (count.getAndIncrement() == 3) {
                socket.setSoTimeout(300);
            }
            ScriptedServer.STREAM.play(socket.getInputStream(), socket.getOutputStream());
        })) {
            Client client = idle(server, "4s");
            assertThat(client.lastLine()).startsWith("ok no cut: ");
        }
    }

    @Test
    void triesTimesInEqualRatiosAndBesideTheUsualOnes() {
        assertThat(Idle.lengths(Duration.ofMinutes(15), 40))
                .hasSizeBetween(40, 70)
                .isSorted()
                .startsWith(Duration.ofSeconds(1))
                .endsWith(Duration.ofMinutes(15))
                .contains(Duration.ofMillis(58_200), Duration.ofMillis(61_800), Duration.ofMillis(339_500));
    }

    @Test
    void namesWhoUsuallyCutsThen() {
        assertThat(Suspect.between(Duration.ofSeconds(340), Duration.ofSeconds(360)))
                .singleElement()
                .asString()
                .contains("AWS Network Load Balancer");
        assertThat(Suspect.between(Duration.ofSeconds(60), Duration.ofSeconds(60)))
                .singleElement()
                .asString()
                .contains("nginx");
        assertThat(Suspect.between(Duration.ofSeconds(19), Duration.ofSeconds(21)))
                .isEmpty();
    }
}
