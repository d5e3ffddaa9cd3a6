package dev.tcpecho.check;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;

/** Asks a health endpoint, and names what is down when it does not answer 200. */
final class HealthCheck {
    private HealthCheck() {}

    /** What was seen, for the line of result. */
    static String run(URI uri, Deadline deadline) throws CheckFailure {
        HttpResponse<String> response = Http.get(uri, deadline);
        if (response.statusCode() != 200) {
            throw new CheckFailure("health " + uri + ": status " + response.statusCode() + whatIsDown(response.body()));
        }
        return "health=UP";
    }

    private static String whatIsDown(String body) {
        try {
            String down = new JsonObject(body)
                    .getJsonArray("checks", new JsonArray()).stream()
                            .map(JsonObject.class::cast)
                            .filter(check -> "DOWN".equals(check.getString("status")))
                            .map(check -> check.getString("name"))
                            .collect(Collectors.joining(", "));
            return down.isEmpty() ? "" : ", down: " + down;
        } catch (DecodeException | ClassCastException e) {
            return ""; // not the health extension's JSON: the status is all there is to say
        }
    }
}
