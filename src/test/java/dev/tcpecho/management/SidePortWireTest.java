package dev.tcpecho.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The side port byte by byte: what HTTP clients would not send. */
@QuarkusTest
@TestProfile(SidePortWireTest.Profile.class)
class SidePortWireTest {
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.http.test-port", "0", "echo.port", "0");
        }
    }

    @TestHTTPResource("/")
    URL sidePort;

    @ParameterizedTest
    @ValueSource(
            strings = {"/q/health", "/q/health/live", "/q/health/ready", "/q/metrics", "/socket-options", "/nope", "/"})
    void everyRouteCanOnlyBeRead(String path) throws IOException {
        for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "BREW"}) {
            assertThat(ask(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"))
                    .as(method)
                    .startsWith("HTTP/1.1 405 ")
                    .contains("Allow: GET, HEAD\r\n", "{\"error\":");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/q/health", "/q/metrics", "/socket-options", "/openapi.yaml", "/nope"})
    void everyAnswerHasTheHeadersThatKeepBrowsersOut(String path) throws IOException {
        assertThat(get(path, "Host: localhost"))
                .containsIgnoringCase("\r\nX-Content-Type-Options: nosniff\r\n")
                .containsIgnoringCase("\r\nContent-Security-Policy: default-src 'self'")
                .containsIgnoringCase("\r\nCross-Origin-Resource-Policy: same-origin\r\n")
                .containsIgnoringCase("\r\nCache-Control: no-store\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "421, Host: evil.example",
        "421, Host: localhost.evil.example:8080",
        "400, 'Host: localhost\r\nHost: localhost'",
        "400, 'Host: localhost\r\nhost: evil.example'",
        "400, Host: a b",
        "400, 'Host:'",
        "400, X: no host",
        "200, Host: localhost:1",
        "200, Host: [::1]",
        "200, Host: 127.0.0.1"
    })
    void answersOnlyToItsOwnNames(int status, String header) throws IOException {
        assertThat(get("/q/health/live", header)).startsWith("HTTP/1.1 " + status + " ");
        assertThat(get("/socket-options", header)).startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void theNameInTheRequestLineCountsAsWell() throws IOException {
        assertThat(get("http://evil.example/q/health/live", "Host: localhost")).startsWith("HTTP/1.1 421 ");
        assertThat(get("http://localhost/q/health/live", "Host: evil.example")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void anOldClientNeedsNoHost() throws IOException {
        assertThat(ask("GET /q/health/live HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200 ");
    }

    @ParameterizedTest
    @CsvSource({
        "400, 'GET / HTTP/1.1|Host: localhost|b\0ad: x||'",
        "400, 'GET /socket-options/% HTTP/1.1|Host: localhost||'",
        "400, 'GET /connections?limit=%zz HTTP/1.1|Host: localhost||'",
        "400, 'OPTIONS * HTTP/1.1|Host: localhost||'",
        "400, 'PRI * HTTP/2.0||SM||'",
        "413, 'GET /q/health/live HTTP/1.1|Host: localhost|Content-Length: 9||x'",
        "413, 'GET /q/health/live HTTP/1.1|Host: localhost|Transfer-Encoding: chunked||'"
    })
    void whatIsNoRequestIsAnsweredWithJsonAndTheEnd(int status, String request) throws IOException {
        try (Socket socket = connect()) {
            send(socket, request.replace("|", "\r\n"));
            // Not half-closed: the end is ours.
            assertThat(received(socket))
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("{\"error\":")
                    .doesNotContain("Exception");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nx: %s\r\n\r\n"
            })
    void aHugeHeadIsRefusedAndTheRefusalArrives(String request) throws IOException {
        try (Socket socket = connect()) {
            send(socket, String.format(request, "x".repeat(200_000)));
            assertThat(received(socket)).matches("(?s)HTTP/1\\.1 (414|431) .*\\{\"error\":.*");
        }
    }

    /** A matcher that took stack for each character ended the connection without a word from about 1600 on. */
    @ParameterizedTest
    @CsvSource({"404, /", "200, /q/health/live?", "400, /what-if?", "404, http://localhost/"})
    void aRequestLineOfAnyLengthWithinTheBoundIsAnswered(int status, String start) throws IOException {
        for (int bytes : new int[] {1500, 2500, 3500, 4000}) {
            assertThat(get(start + "x".repeat(bytes), "Host: localhost")).startsWith("HTTP/1.1 " + status + " ");
            assertThat(get(start + "%41".repeat(bytes / 3), "Host: localhost")).startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain;a=\"", "\"", ";", "text/plain;q=", "*/*;q=\"1", ",", "a/b;c=d;e=\"f,g"})
    void noAcceptHeaderIsAnError(String accept) throws IOException {
        for (String path : new String[] {"/socket-options", "/q/metrics"}) {
            assertThat(get(path, "Host: localhost\r\nAccept: " + accept)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aScraperThatKnowsOnlyOpenMetricsGetsThem() throws IOException {
        assertThat(get("/q/metrics", "Host: localhost\r\nAccept: application/openmetrics-text;version=1.0.0"))
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("content-type: application/openmetrics-text; version=1.0.0")
                .endsWith("# EOF\n");
        assertThat(get("/q/metrics", "Host: localhost\r\nAccept: text/plain"))
                .containsIgnoringCase("content-type: text/plain; version=0.0.4");
    }

    @Test
    void aPipelineIsAnsweredWholeAndInOrderAlsoBehindAFin() throws IOException {
        int trips = 200;
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < trips; i++) {
            requests.append("GET /nope/" + i % 2 + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            requests.append("HEAD /q/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        String answer = ask(requests.toString());
        assertThat(answer.split("HTTP/1.1 404 ", -1)).hasSize(trips + 1);
        assertThat(answer.split("HTTP/1.1 200 ", -1)).hasSize(trips + 1);
    }

    private String get(String path, String headers) throws IOException {
        return ask("GET " + path + " HTTP/1.1\r\n" + headers + "\r\n\r\n");
    }

    /** The whole answer to a client that ends what it sends. */
    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            send(socket, request);
            socket.shutdownOutput();
            return received(socket);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(sidePort.getHost(), sidePort.getPort()));
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String received(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
