package dev.tcpecho.check;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the socket report and compares what was requested with what is effective. */
final class ReportCheck {
    private static final Set<String> SHORTFALLS = Set.of("reduced", "inert", "ignored");
    private static final int MOST_NAMED = 100;

    private int requested;
    private final List<String> shortfalls = new ArrayList<>();

    private ReportCheck() {}

    /** Strict makes a shortfall a failure. */
    static Seen run(Url url, boolean strict, Dialer dialer, Deadline deadline) throws CheckFailure {
        Http.Answer answer = Http.get(url, dialer, deadline);
        if (answer.status() != 200) {
            throw new CheckFailure("report " + url + ": status " + answer.status());
        }
        ReportCheck check = new ReportCheck();
        String wrong;
        try {
            wrong = check.read(new JsonObject(answer.body()));
        } catch (DecodeException | ClassCastException e) {
            wrong = "not a socket report";
        }
        if (wrong != null) {
            throw new CheckFailure("report " + url + ": " + wrong);
        }
        String seen = "requested=" + check.requested + " shortfalls=" + check.shortfalls.size() + check.named();
        if (strict && !check.shortfalls.isEmpty()) {
            throw new CheckFailure("report " + url + ": " + seen);
        }
        return new Seen(
                seen,
                new JsonObject().put("requested", check.requested).put("shortfalls", new JsonArray(check.shortfalls)));
    }

    private String named() {
        if (shortfalls.isEmpty()) {
            return "";
        }
        String more = shortfalls.size() > MOST_NAMED ? "; and " + (shortfalls.size() - MOST_NAMED) + " more" : "";
        return " (" + shortfalls.stream().limit(MOST_NAMED).collect(Collectors.joining("; ")) + more + ")";
    }

    /** What makes it no report of a service at work; null when it is one. */
    private String read(JsonObject report) {
        List<JsonObject> listeners = objects(report, "listeners");
        if (listeners.isEmpty()) {
            return "it names no listener";
        }
        for (JsonObject listener : listeners) {
            String name = Printable.of(listener.getValue("name"));
            List<JsonObject> sockets = objects(listener, "sockets");
            if (sockets.isEmpty()) {
                return "listener " + name + " has no socket";
            }
            for (JsonObject socket : sockets) {
                if (Boolean.FALSE.equals(socket.getValue("listening"))) {
                    return "listener " + name + " does not listen on " + Printable.of(socket.getValue("address"))
                            + " port " + Printable.of(socket.getValue("port"));
                }
                List<JsonObject> options = objects(socket, "options");
                if (options.isEmpty()) {
                    return "it leaves the options of listener " + name + " out, as details=false asks";
                }
                compare(name + " listener", options);
            }
            JsonObject accepted = listener.getJsonObject("accepted");
            if (accepted != null) {
                compare(name + " accepted", objects(accepted, "options"));
            }
        }
        return null;
    }

    private void compare(String where, List<JsonObject> options) {
        for (JsonObject option : options) {
            if (option.getValue("requested") == null) {
                continue;
            }
            requested++;
            if (SHORTFALLS.contains(option.getString("status", ""))) {
                shortfalls.add(where + " " + Printable.of(option.getValue("option")) + " asked "
                        + Printable.of(option.getValue("requested")) + " got "
                        + Printable.of(option.getValue("effective")) + ", "
                        + option.getString("status") + why(option));
            }
        }
    }

    private static String why(JsonObject option) {
        Object reason = option.getValue("reason");
        JsonObject governor = option.getJsonObject("governedBy");
        return (reason == null ? "" : " " + Printable.of(reason))
                + (governor == null
                        ? ""
                        : " by " + Printable.of(governor.getValue("sysctl")) + "="
                                + Printable.of(governor.getValue("value")));
    }

    private static List<JsonObject> objects(JsonObject parent, String key) {
        JsonArray array = parent.getJsonArray(key);
        if (array == null) {
            throw new DecodeException("no " + key);
        }
        return array.stream().map(JsonObject.class::cast).toList();
    }
}
