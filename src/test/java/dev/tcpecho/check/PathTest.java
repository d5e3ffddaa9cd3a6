package dev.tcpecho.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTest {
    private static final SentSyn SENT = new SentSyn(1460, 7, true, true, false, 10, 64);

    private static JsonObject arrived() {
        return new JsonObject()
                .put("mss", 1460)
                .put("windowScale", 7)
                .put("sackPermitted", true)
                .put("timestamps", true)
                .put("ecn", false)
                .put("dscp", 10)
                .put("ttl", 61)
                .put("hops", 3);
    }

    /** A listener of mode report that tells the truth, but for what the script spoils. */
    private static ScriptedServer report(Consumer<JsonObject> spoiler) throws IOException {
        return new ScriptedServer((Socket socket) -> {
            JsonObject report = new JsonObject()
                    .put("service", new JsonObject().put("name", "tcp-echo").put("pod", "echo-0"))
                    .put("local", words(socket.getLocalSocketAddress()))
                    .put("remote", words(socket.getRemoteSocketAddress()));
            spoiler.accept(report);
            socket.getOutputStream().write(report.encodePrettily().getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            socket.getInputStream().read();
        });
    }

    private static String words(SocketAddress address) {
        return Endpoint.words((InetSocketAddress) address);
    }

    private static List<String> rewrites(JsonObject arrived) {
        List<Rewrite> rewrites = new ArrayList<>();
        new SynComparison(rewrites, new ArrayList<>()).compare(SENT, arrived);
        return rewrites.stream().map(Rewrite::words).toList();
    }

    @Test
    void findsNothingWhereNothingWasRewritten() {
        assertThat(rewrites(arrived())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mss           | 1360  | mss: 1460 left here, 1360 arrived: clamped on the way",
                "mss           | 9000  | mss: 1460 left here, 9000 arrived: raised on the way",
                "mss           |       | mss: 1460 left here, none arrived: removed on the way",
                "windowScale   | 10    | window scale: 7 left here, 10 arrived: another machine's SYN",
                "windowScale   |       | window scale: 7 left here, none arrived: removed on the way",
                "sackPermitted | false | selective acknowledgements: offered left here, not offered arrived: removed",
                "timestamps    | false | timestamps: offered left here, not offered arrived: removed on the way",
                "timestamps    |       | timestamps: offered left here, not offered arrived: removed on the way",
                "ecn           | true  | ecn: not offered left here, offered arrived: another machine's SYN",
                "dscp          | 0     | dscp: 10 left here, 0 arrived: cleared on the way",
                "dscp          | 46    | dscp: 10 left here, 46 arrived: set anew on the way",
                "ttl           | 125   | ttl: 64 left here, 125 arrived: another machine's SYN",
            })
    void saysEachRewriteInOneLine(String field, String value, String line) {
        JsonObject arrived = arrived();
        if (value == null) {
            arrived.putNull(field);
        } else {
            arrived.put(field, value.matches("\\d+") ? (Object) Integer.valueOf(value) : Boolean.valueOf(value));
        }
        assertThat(rewrites(arrived)).singleElement().asString().startsWith(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"syn\":null}", "{\"syn\":{\"kept\":false,\"note\":\"SYN cookies\"}}"})
    void takesADirectWayForUnchanged(String syn) throws IOException {
        try (ScriptedServer server = report(report -> report.mergeIn(new JsonObject(syn)))) {
            Client client = Client.run("path", server.hostAndPort(), "--strict");
            assertThat(client.code()).as(client.out()).isZero();
            assertThat(client.out())
                    .contains("the SYN was not kept, so only addresses can be compared: "
                            + (syn.contains("note") ? "SYN cookies" : "echo.socket.tcp-save-syn=true"));
            assertThat(client.lastLine())
                    .startsWith("ok path " + server.hostAndPort() + ": nothing was rewritten on the way to echo-0");
        }
    }

    @Test
    void namesAnotherSourceAndAnotherDestination() throws IOException {
        try (ScriptedServer server =
                report(report -> report.put("remote", "10.0.0.9:4711").put("local", "[2001:db8::1]:8890"))) {
            Client client = Client.run("path", server.hostAndPort(), "--strict");
            assertThat(client.code()).isOne();
            assertThat(client.out())
                    .contains(" left here, 10.0.0.9:4711 arrived: address translation, or a proxy's own connection")
                    .contains(
                            "destination: " + server.hostAndPort() + " left here, [2001:db8:0:0:0:0:0:1]:8890 arrived");
            assertThat(client.lastLine()).startsWith("failed path ").contains(": 2 rewrites on the way");
        }
    }

    @Test
    void tellsWhomAProxyHeaderNames() throws IOException {
        try (ScriptedServer server = report(report -> report.put(
                        "proxy", new JsonObject().put("version", 2).put("source", report.getString("remote")))
                .put("tls", new JsonObject().put("protocol", "TLSv1.3")))) {
            Client client = Client.run("path", server.hostAndPort());
            assertThat(client.code()).isZero();
            assertThat(client.out())
                    .contains("PROXY header 2 names 127.0.0.1:", " as the client: that is this connection")
                    .contains("tls: plain text left here, TLS arrived: added on the way");
        }
    }

    @Test
    void saysWhenTheServiceProbesTheSilent() throws IOException {
        JsonArray options = new JsonArray()
                .add(new JsonObject().put("option", "SO_KEEPALIVE").put("effective", 1))
                .add(new JsonObject().put("option", "TCP_KEEPIDLE").put("effective", 75));
        try (ScriptedServer server = report(report -> report.put("options", options))) {
            assertThat(Client.run("path", server.hostAndPort()).out())
                    .contains("keep-alive of the service: the first probe after 75 s of silence");
        }
    }

    @Test
    void keepsTheWholeReportForPrograms() throws IOException {
        try (ScriptedServer server =
                report(report -> report.put("syn", arrived().put("mss", 700)))) {
            Client client = Client.run("path", server.hostAndPort(), "--json");
            assertThat(client.err()).isEmpty();
            JsonObject json = client.json();
            assertThat(json.getBoolean("ok")).isTrue();
            assertThat(json.getJsonArray("rewrites").toString()).contains("\"mss\"");
            assertThat(json.getJsonObject("report").getJsonObject("syn").getInteger("mss"))
                    .isEqualTo(700);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "[1]",
                "{\"a\":",
                "null",
                "{}",
                "{\"local\":\"127.0.0.1:7\"}",
                "{\"local\":7,\"remote\":\"127.0.0.1:7\"}",
                "{\"local\":\"127.0.0.1:7\",\"remote\":\"evil:1\"}"
            })
    void takesNothingElseForAReport(String words) throws IOException {
        try (ScriptedServer server =
                new ScriptedServer((in, out) -> out.write(words.getBytes(StandardCharsets.UTF_8)))) {
            Client client = Client.run("path", server.hostAndPort());
            assertThat(client.code()).isOne();
            assertThat(client.lastLine())
                    .startsWith("failed path " + server.hostAndPort() + ": ")
                    .contains("report");
        }
    }

    @Test
    void readsAReportOfOddValuesWithoutFailing() throws IOException {
        try (ScriptedServer server = report(report -> report.put("syn", new JsonObject().put("mss", "x"))
                .put("proxy", new JsonObject().put("source", "evil\u001b[2J:1"))
                .put("tls", "x")
                .put("options", new JsonArray().add(1))
                .put("service", new JsonObject().put("pod", "a\nok path")))) {
            Client client = Client.run("path", server.hostAndPort());
            assertThat(client.code()).as(client.out()).isZero();
            assertThat(client.out()).doesNotContain("\u001b").contains("a\\nok path");
        }
    }

    @Test
    void readsNoEndlessReport() throws IOException {
        try (ScriptedServer server = new ScriptedServer((in, out) -> {
            while (true) {
                out.write(new byte[10_000]);
            }
        })) {
            Client client = Client.run("path", server.hostAndPort(), "--timeout", "20s");
            assertThat(client.lastLine()).endsWith("longer than a report of mode report can be");
        }
    }

    @Test
    void saysThatItWasClosedWithoutAWord() throws IOException {
        try (ScriptedServer server = new ScriptedServer((in, out) -> {})) {
            assertThat(Client.run("path", server.hostAndPort()).lastLine()).endsWith(": closed without a word");
        }
    }

    @Test
    void saysThatAnEchoListenerIsSilent() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.STREAM)) {
            Client client = Client.run("path", server.hostAndPort(), "--timeout", "300ms");
            assertThat(client.lastLine())
                    .endsWith("no answer in time; a listener of mode report speaks first, and ends");
        }
    }
}
