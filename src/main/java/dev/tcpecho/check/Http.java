package dev.tcpecho.check;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One GET on the side port, over by the deadline, body included. */
final class Http {
    private Http() {}

    static HttpResponse<String> get(URI uri, Deadline deadline) throws CheckFailure {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(deadline.remaining())
                .build();
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(deadline.remaining())
                .header("Accept", "application/json, */*;q=0.1")
                .build();
        try {
            return client.sendAsync(request, BodyHandlers.ofString())
                    .get(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new CheckFailure(uri + ": no answer in time");
        } catch (ExecutionException e) {
            throw new CheckFailure(uri + ": " + reason(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CheckFailure(uri + ": interrupted");
        }
    }

    /** The HTTP client's own connect failures come without a message. */
    private static String reason(Throwable cause) {
        if (cause instanceof java.net.http.HttpTimeoutException) {
            return "no answer in time";
        }
        if (cause instanceof java.net.ConnectException) {
            return "cannot connect";
        }
        return cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }
}
