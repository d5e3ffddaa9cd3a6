package dev.tcpecho.management;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.tcpecho.server.EchoServer;
import dev.tcpecho.testing.Peer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.http.Method;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The side port as a client sees it, against the contract that it serves itself. */
@QuarkusTest
@TestProfile(SidePortTest.Profile.class)
class SidePortTest {
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.ofEntries(
                    // The validator does not know the keywords that OpenAPI adds to JSON Schema.
                    entry("quarkus.log.category.\"com.networknt\".level", "ERROR"),
                    entry("echo.max-connections", "100"),
                    entry("echo.listeners.six.max-connections", "100"),
                    entry("quarkus.http.test-port", "0"),
                    entry("echo.port", "0"),
                    entry("echo.mode", "stream"),
                    entry("echo.connections.enabled", "true"),
                    entry("echo.socket.receive-buffer-size", "512M"),
                    entry("echo.socket.tcp-keep-alive-idle", "60S"),
                    entry("echo.listeners.six.host", "::1"),
                    entry("echo.listeners.six.port", "0"),
                    entry("echo.listeners.six.socket.accept-backlog", "7"));
        }
    }

    @Inject
    EchoServer service;

    @TestHTTPResource("/")
    URL sidePort;

    @Test
    void theReportKeepsItsContract() {
        Contract.of(get("/openapi.yaml")).accepts("SocketReport", get("/socket-options"));
        Contract.of(get("/openapi.yaml")).accepts("SocketReport", get("/socket-options/six"));
    }

    @Test
    void connectionsKeepTheirContract() {
        try (Peer peer =
                Peer.connect(service.listeners().get(0).sockets().get(0).address())) {
            peer.send("x").expect("x");
            Contract.of(get("/openapi.yaml")).accepts("Connections", get("/connections"));
            given().get("/connections?listener=default&limit=1")
                    .then()
                    .statusCode(200)
                    .body("total", equalTo(1))
                    .body("connections[0].bytesReceived", equalTo(1));
        }
    }

    @Test
    void aConnectionIsFoundByItsAddressWhileItIsOpenAndAfterwards() {
        String address;
        try (Peer peer =
                Peer.connect(service.listeners().get(0).sockets().get(0).address())) {
            peer.send("xyz").expect("xyz");
            address = "127.0.0.1:" + peer.socket().getLocalPort();
            given().get("/connections?remote=" + address)
                    .then()
                    .statusCode(200)
                    .body("connections.size()", equalTo(1))
                    .body("connections[0].remote", equalTo(address));
            given().get("/connections?remote=127.0.0.1:1")
                    .then()
                    .statusCode(200)
                    .body("connections.size()", equalTo(0));
            peer.fin().expectFin();
        }
        await().untilAsserted(() -> given().get("/connections/closed?reason=peer_fin&remote=" + address)
                .then()
                .statusCode(200)
                .body("connections.size()", equalTo(1))
                .body("connections[0].endedBy", equalTo("peer"))
                .body("connections[0].bytesSent", equalTo(3)));
        Contract.of(get("/openapi.yaml")).accepts("ClosedConnections", get("/connections/closed"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/what-if | no socket key is given",
                "/what-if?receive-buffer-size=1T | receive-buffer-size must be from 1 to 1073741823 bytes",
                "/what-if?accept-backlog=0 | accept-backlog must be a whole number from 1",
                "/what-if?accept-backlog= | accept-backlog is empty: leave it out, or give it a value",
                "/what-if?tcp-congestion=&tcp-no-delay= | tcp-no-delay is empty: leave it out, or give it a value",
                "/what-if?accept-backlog=1&accept-backlog=2 | accept-backlog can be given only once",
                "/what-if?backlog=1 | unknown parameter backlog; there are accept-backlog, free-bind,",
                "/socket-options?details=no | details must be true or false",
                "/socket-options?detail=false | unknown parameter detail; there are details",
                "/connections?remote=localhost:80 | remote must be an address with its port",
                "/connections?remote=127.0.0.1 | remote must be an address with its port",
                "/connections/closed?remote=nowhere | remote must be an address with or without its port",
                "/connections/closed?reason=boredom | reason must be one of complete, peer_fin",
                "/connections/closed?limit=0 | limit must be a whole number from 1 to 1000",
                "/connections/closed?raeson=idle | unknown parameter raeson; there are limit, listener, reason, remote",
                "/connections/closed?reason=idle&reason=idle | reason can be given only once",
            })
    void whatIsWrongWithAQuestionIsSaid(String path, String message) {
        when().get(path).then().statusCode(400).body("error", containsString(message));
    }

    @Test
    void whatWouldBeIsAskedOfTheKernelInTheTermsOfTheReport() {
        String answer = askedAgainWhileBusy("/what-if?receive-buffer-size=512M&accept-backlog=7", "*/*")
                .asString();
        Contract.of(get("/openapi.yaml")).accepts("WhatIf", answer);
        askedAgainWhileBusy("/what-if?receive-buffer-size=512M", "*/*")
                .then()
                .body("summary", containsString("since net.core.rmem_max on the node is"))
                .body("listener.options.find { it.option == 'SO_RCVBUF' }.status", equalTo("reduced"))
                .body("accepted.options.find { it.option == 'SO_RCVBUF' }.status", equalTo("reduced"));
        String table =
                askedAgainWhileBusy("/what-if?accept-backlog=7", "text/plain").asString();
        assertThat(table.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        assertThat(table).contains("a listening socket would have", "backlog");
    }

    /** It gives up after its bound on a busy machine, and says when to come again. */
    private static Response askedAgainWhileBusy(String path, String type) {
        return await().atMost(Duration.ofMinutes(1))
                .until(() -> given().accept(type).get(path), answer -> answer.statusCode() != 503);
    }

    @Test
    void whileOneQuestionIsUnderWayAnotherIsToldToComeAgain() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(sidePort + "what-if?accept-backlog=7"))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            List<HttpResponse<String>> answers = Stream.generate(
                            () -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                    .limit(8)
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
            assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200, 503);
            assertThat(answers).filteredOn(answer -> answer.statusCode() == 503).allSatisfy(answer -> assertThat(
                            answer.headers().firstValue("Retry-After"))
                    .contains("1"));
        });
    }

    @Test
    void theReportOpensWithASentence() {
        assertThat(get("/socket-options"))
                .containsSubsequence("{", "\"summary\" : \"serving on 2 listeners; ", "\"state\"");
        assertThat(given().accept("text/plain").get("/socket-options").asString())
                .startsWith("serving on 2 listeners; ");
    }

    @Test
    void trafficIsCountedInAShortReport() {
        String full = get("/socket-options");
        String brief;
        try (Peer peer =
                Peer.connect(service.listeners().get(0).sockets().get(0).address())) {
            peer.send("xyz").expect("xyz");
            brief = get("/socket-options?details=false");
        }
        Contract.of(get("/openapi.yaml")).accepts("SocketReport", brief);
        assertThat(brief.length()).isLessThan(8 << 10).isLessThan(full.length() / 8);
        JsonObject before = traffic(full);
        JsonObject after = traffic(brief);
        assertThat(after.getInteger("active")).isEqualTo(1);
        assertThat(after.getInteger("limit"))
                .isEqualTo(service.listeners().get(0).connectionLimit().inForce());
        assertThat(after.getInteger("limitAsked"))
                .isEqualTo(service.listeners().get(0).config().maxConnections());
        assertThat(after.getString("limitReason"))
                .isEqualTo(service.listeners().get(0).connectionLimit().cause().toString());
        assertThat(after.getLong("opened") - before.getLong("opened")).isEqualTo(1);
        assertThat(after.getLong("bytesReceived") - before.getLong("bytesReceived"))
                .isEqualTo(3);
        assertThat(after.getLong("bytesSent") - before.getLong("bytesSent")).isEqualTo(3);
        assertThat(after.getJsonObject("sample").getInteger("connections")).isBetween(0, 1);
        await().untilAsserted(() -> assertThat(traffic(get("/socket-options?details=false"))
                        .getJsonObject("closed")
                        .getLong("peer_fin"))
                .isGreaterThan(before.getJsonObject("closed").getLong("peer_fin")));
    }

    private static JsonObject traffic(String report) {
        return new JsonObject(report).getJsonArray("listeners").getJsonObject(0).getJsonObject("traffic");
    }

    @Test
    void theReportOfOneListenerHasNoOther() {
        when().get("/socket-options/six")
                .then()
                .statusCode(200)
                .body("listeners.size()", equalTo(1))
                .body("listeners[0].name", equalTo("six"))
                .body("listeners[0].sockets[0].family", equalTo("IPv6"))
                .body("listeners[0].sockets[0].acceptQueue.max", equalTo(7));
    }

    @Test
    void aReducedBufferIsExplainedInTheResponseItself() {
        when().get("/socket-options/default")
                .then()
                .body("listeners[0].sockets[0].options.find { it.option == 'SO_RCVBUF' }.status", equalTo("reduced"))
                .body("listeners[0].sockets[0].options.find { it.option == 'SO_RCVBUF' }.note", containsString("twice"))
                .body(
                        "listeners[0].sockets[0].options.find { it.option == 'SO_RCVBUF' }.governedBy.sysctl",
                        equalTo("net.core.rmem_max"));
    }

    @Test
    void fieldsKeepTheirOrder() {
        assertThat(get("/socket-options"))
                .containsSubsequence(
                        "\"state\"",
                        "\"transport\"",
                        "\"kernel\"",
                        "\"limits\"",
                        "\"sysctls\"",
                        "\"network\"",
                        "\"listeners\"",
                        "\"name\"",
                        "\"mode\"",
                        "\"generation\"",
                        "\"sockets\"",
                        "\"address\"",
                        "\"port\"",
                        "\"family\"",
                        "\"acceptQueue\"",
                        "\"options\"",
                        "\"option\" : \"backlog\"",
                        "\"accepted\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/socket-options",
                "/socket-options/default",
                "/connections",
                "/connections/closed",
                "/openapi.yaml"
            })
    void otherMethodsAreToldWhatIsAllowed(String path) {
        for (Method method : List.of(Method.POST, Method.PUT, Method.DELETE, Method.PATCH, Method.OPTIONS)) {
            Contract.of(get("/openapi.yaml"))
                    .accepts(
                            "Error",
                            given().request(method, path)
                                    .then()
                                    .statusCode(405)
                                    .header("Allow", "GET, HEAD")
                                    .extract()
                                    .asString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/socket-options",
                "/socket-options/default",
                "/connections",
                "/connections/closed",
                "/openapi.yaml"
            })
    void headHasALengthAndNoBody(String path) {
        String length = when().head(path)
                .then()
                .statusCode(200)
                .body(emptyString())
                .extract()
                .header("Content-Length");
        assertThat(Long.parseLong(length)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/socket-options/nobody",
                "/connections?listener=nobody",
                "/connections/closed?listener=nobody",
                "/socket-options/%00%0d%0aX-Forged:%201"
            })
    void anUnknownListenerIsNotFound(String path) {
        given().urlEncodingEnabled(false)
                .get(path)
                .then()
                .statusCode(404)
                .contentType(ContentType.JSON)
                .header("X-Forged", equalTo(null))
                .body("error", not(emptyString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=-1",
                "limit=x",
                "limit=",
                "limit=1&limit=2",
                "limit=99999999999",
                "listner=default"
            })
    void badParametersAreNamed(String query) {
        Contract.of(get("/openapi.yaml"))
                .accepts(
                        "Error",
                        when().get("/connections?" + query)
                                .then()
                                .statusCode(400)
                                .extract()
                                .asString());
    }

    @Test
    void aHugePathIsRefused() throws IOException {
        // The answer comes before the whole path was sent: a client that goes on sending may lose it to a reset.
        assertThat(statusOf("GET /socket-options/" + "x".repeat(100_000) + " HTTP/1.1\r\n\r\n"))
                .isIn("404", "414", "");
        assertThat(when().get("/socket-options/" + "x".repeat(1000)).statusCode())
                .isEqualTo(404);
        when().get("/socket-options").then().statusCode(200);
    }

    /** Empty when the connection was reset instead. */
    private String statusOf(String request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(sidePort.getHost(), sidePort.getPort()));
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 404".length());
            return new String(line, StandardCharsets.ISO_8859_1).replaceFirst("HTTP/1\\.. ?", "");
        } catch (SocketException reset) {
            return "";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0\1\2\3\r\n\r\n", "SSH-2.0-x\r\n\r\n", "GET\r\n\r\n", "\26\3\1\2\0\1\0\1\374\3\3"})
    void junkIsAnsweredWith400OrClosed(String junk) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(sidePort.getHost(), sidePort.getPort()));
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(junk.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).satisfiesAnyOf(a -> assertThat(a).isEmpty(), a -> assertThat(a)
                    .matches("(?s)HTTP/1\\.[01] 400 .*"));
            assertThat(answer).doesNotContain("Exception", "at io.");
        }
        when().get("/socket-options").then().statusCode(200);
    }

    @Test
    void theClientChoosesTheForm() {
        given().accept("text/plain").get("/socket-options").then().contentType(ContentType.TEXT);
        given().accept("text/*;q=0.9,application/json;q=0.1")
                .get("/socket-options")
                .then()
                .contentType(ContentType.TEXT);
        given().accept("*/*").get("/socket-options").then().contentType(ContentType.JSON);
        given().accept("text/html,*/*;q=0.8").get("/socket-options").then().contentType(ContentType.JSON);
        given().accept("image/png").get("/socket-options").then().contentType(ContentType.JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/socket-options", "/connections", "/connections/closed"})
    void textFitsATerminal(String path) {
        try (Peer peer =
                Peer.connect(service.listeners().get(1).sockets().get(0).address())) {
            peer.send("x").expect("x");
            String text = given().accept("text/plain").get(path).asString();
            assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        }
    }

    @Test
    void theTableHasShortfallsFirstWithTheirNote() {
        List<String> lines = given().accept("text/plain")
                .get("/socket-options/default")
                .asString()
                .lines()
                .toList();
        int head = lines.indexOf(lines.stream()
                .filter(line -> line.strip().startsWith("OPTION"))
                .findFirst()
                .orElseThrow());
        assertThat(lines.get(head + 1)).contains("SO_RCVBUF", "512 MiB (536870912)", "reduced", "clamped");
        assertThat(lines.get(head + 2)).startsWith("      asked for 536870912, capped at");
        assertThat(String.join("\n", lines)).contains("kernel limits", "net.core.somaxconn");
    }

    @Test
    void metersTellWhatTheReportTells() {
        String metrics = given().accept("text/plain").get("/q/metrics").asString();
        assertThat(metrics)
                .contains(
                        "echo_socket_option_shortfall{listener=\"default\",option=\"SO_RCVBUF\",role=\"listener\",} 1.0",
                        "echo_socket_option_shortfall{listener=\"default\",option=\"SO_REUSEADDR\",role=\"listener\",} 0.0",
                        "echo_socket_option{listener=\"six\",option=\"backlog\",role=\"listener\",} 7.0",
                        "kind=\"max\",listener=\"six\",shard=\"0\",} 7.0",
                        "echo_network_listen_overflows_total",
                        "echo_tcp_rtt_seconds_bucket",
                        "echo_tcp_retransmits_bucket");
    }

    @Test
    void hasAnEventLoopForEachProcessor() {
        assertThat(service.listeners().get(0).connectionsByLoop())
                .hasSize(Runtime.getRuntime().availableProcessors());
    }

    private static String get(String path) {
        return when().get(path).then().statusCode(200).extract().asString();
    }
}
