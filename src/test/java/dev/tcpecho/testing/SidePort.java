package dev.tcpecho.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The side port of a service in another process. */
public final class SidePort {
    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;

    public SidePort(int port) {
        this.port = port;
    }

    /** Host and port, as in a URL. */
    public String authority() {
        return "127.0.0.1:" + port;
    }

    public HttpResponse<String> get(String path) {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://" + authority() + path))
                            .timeout(Duration.ofSeconds(120))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
