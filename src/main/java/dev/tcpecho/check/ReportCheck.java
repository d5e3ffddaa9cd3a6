package dev.tcpecho.check;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the socket report and compares what was requested with what is effective. */
final class ReportCheck {
    private static final Set<String> SHORTFALLS = Set.of("reduced", "inert", "ignored");

    private int requested;
    private final List<String> shortfalls = new ArrayList<>();

    private ReportCheck() {}

    /** What was seen, for the line of result; strict makes a shortfall a failure. */
    static String run(URI uri, boolean strict, Deadline deadline) throws CheckFailure {
        HttpResponse<String> response = Http.get(uri, deadline);
        if (response.statusCode() != 200) {
            throw new CheckFailure("report " + uri + ": status " + response.statusCode());
        }
        ReportCheck check = new ReportCheck();
        try {
            check.read(new JsonObject(response.body()));
        } catch (DecodeException | ClassCastException e) {
            throw new CheckFailure("report " + uri + ": not a socket report");
        }
        String seen = "requested=" + check.requested + " shortfalls=" + check.shortfalls.size()
                + (check.shortfalls.isEmpty() ? "" : " (" + String.join("; ", check.shortfalls) + ")");
        if (strict && !check.shortfalls.isEmpty()) {
            throw new CheckFailure("report " + uri + ": " + seen);
        }
        return seen;
    }

    private void read(JsonObject report) {
        for (JsonObject listener : objects(report, "listeners")) {
            String name = listener.getString("name");
            for (JsonObject socket : objects(listener, "sockets")) {
                compare(name + " listener", objects(socket, "options"));
            }
            compare(name + " accepted", objects(listener.getJsonObject("accepted", new JsonObject()), "options"));
        }
    }

    private void compare(String where, List<JsonObject> options) {
        for (JsonObject option : options) {
            if (option.getValue("requested") == null) {
                continue;
            }
            requested++;
            if (SHORTFALLS.contains(option.getString("status"))) {
                String line = "%s %s asked %s got %s, %s"
                        .formatted(
                                where,
                                option.getString("option"),
                                option.getValue("requested"),
                                option.getValue("effective"),
                                option.getString("status"));
                shortfalls.add(line + why(option));
            }
        }
    }

    private static String why(JsonObject option) {
        String reason = option.getString("reason");
        JsonObject governor = option.getJsonObject("governedBy");
        return (reason == null ? "" : " " + reason)
                + (governor == null ? "" : " by " + governor.getString("sysctl") + "=" + governor.getValue("value"));
    }

    private static List<JsonObject> objects(JsonObject parent, String key) {
        if (!parent.containsKey(key)) {
            throw new DecodeException("no " + key);
        }
        return parent.getJsonArray(key).stream().map(JsonObject.class::cast).toList();
    }
}
