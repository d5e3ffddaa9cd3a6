package dev.tcpecho.check;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Reads the socket report and compares what was requested with what is effective. */
final class ReportCheck {
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
        try {
            check.read(ReceivedReport.of(answer.body()));
        } catch (CheckFailure e) {
            throw new CheckFailure("report " + url + ": " + e.getMessage());
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

    private void read(ReceivedReport report) {
        for (JsonObject listener : report.listeners()) {
            String name = Printable.of(listener.getValue("name"));
            for (JsonObject socket : ReceivedReport.sockets(listener)) {
                compare(name + " listener", ReceivedReport.options(socket));
            }
            compare(name + " accepted", ReceivedReport.accepted(listener));
        }
    }

    private void compare(String where, List<JsonObject> options) {
        for (JsonObject option : options) {
            if (option.getValue("requested") == null) {
                continue;
            }
            requested++;
            if (ReceivedReport.isShortfall(option)) {
                shortfalls.add(where + " " + Printable.of(option.getValue("option")) + " asked "
                        + Printable.of(option.getValue("requested")) + " got "
                        + Printable.of(option.getValue("effective")) + ", "
                        + option.getString("status") + why(option));
            }
        }
    }

    private static String why(JsonObject option) {
        Object reason = option.getValue("reason");
        return (reason == null ? "" : " " + Printable.of(reason))
                + (!(option.getValue("governedBy") instanceof JsonObject governor)
                        ? ""
                        : " by " + Printable.of(governor.getValue("sysctl")) + "="
                                + Printable.of(governor.getValue("value")));
    }
}
