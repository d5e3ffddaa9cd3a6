package dev.tcpecho.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** The side port of a service in another process. */
public final class SidePort {
    private final HttpClient client;
    private final InetSocketAddress address;
    private final String authority;
    private final Duration patience;

    /** On the loopback interface, of a service that may compile before it answers. */
    public SidePort(int port) {
        this(new InetSocketAddress("127.0.0.1", port), Duration.ofSeconds(120));
    }

    public SidePort(InetSocketAddress address, Duration patience) {
        this.client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        this.address = address;
        this.authority = address.getHostString() + ":" + address.getPort();
        this.patience = patience;
    }

    public InetSocketAddress address() {
        return address;
    }

    /** Host and port, as in a URL. */
    public String authority() {
        return authority;
    }

    public HttpResponse<String> get(String path) {
        return get(path, "*/*");
    }

    /** The answer as the media type that is asked for. */
    public HttpResponse<String> get(String path, String accept) {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://" + authority + path))
                            .header("Accept", accept)
                            .timeout(patience)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The HTTP status; 0 when there is no answer. */
    public int status(String path) {
        try {
            return get(path).statusCode();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    /** The sum of a meter's samples whose line contains all of these words. */
    public double meter(String... words) {
        return get("/q/metrics")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#") && List.of(words).stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
