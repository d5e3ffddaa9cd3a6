package dev.tcpecho.check;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;

/** Asks a health endpoint, and names what is down when it does not answer 200. */
final class HealthCheck {
    private HealthCheck() {}

    static Seen run(Url url, Dialer dialer, Deadline deadline) throws CheckFailure {
        Http.Answer answer = Http.get(url, dialer, deadline);
        if (answer.status() != 200) {
            throw new CheckFailure("health " + url + ": status " + answer.status() + whatIsDown(answer.body()));
        }
        return new Seen("health=UP", new JsonObject().put("status", "UP"));
    }

    private static String whatIsDown(String body) {
        try {
            JsonArray checks = new JsonObject(body).getJsonArray("checks");
            String down = checks == null
                    ? ""
                    : checks.stream()
                            .filter(JsonObject.class::isInstance)
                            .map(JsonObject.class::cast)
                            .filter(check -> "DOWN".equals(check.getValue("status")))
                            .limit(20)
                            .map(check -> Printable.of(check.getValue("name")))
                            .collect(Collectors.joining(", "));
            return down.isEmpty() ? "" : ", down: " + down;
        } catch (DecodeException | ClassCastException e) {
            return ""; // not the health extension's JSON: the status is all there is to say
        }
    }
}
