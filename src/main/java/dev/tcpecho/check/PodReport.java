package dev.tcpecho.check;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One pod's report as pairs that can be compared: what an operator chose and what the kernel made of it, not what
 * changes from moment to moment. Everything is safe to print.
 *
 * @param name the pod's, or its address
 * @param node where the pod runs, in words; empty where the report does not say
 * @param shortfalls options that are less than asked for
 */
record PodReport(String name, String node, Map<String, String> facts, int shortfalls) {
    private static final Set<String> SHORTFALLS = Set.of("reduced", "inert", "ignored");
    private static final int MOST_FACTS = 5000;

    String kernel() {
        return facts.get("kernel");
    }

    /** @throws CheckFailure where it is no report of a service at work */
    static PodReport of(String address, String body) throws CheckFailure {
        try {
            return read(address, new JsonObject(body));
        } catch (DecodeException | ClassCastException e) {
            throw new CheckFailure("not a socket report");
        }
    }

    private static PodReport read(String address, JsonObject report) throws CheckFailure {
        Map<String, String> facts = new TreeMap<>();
        JsonObject service = report.getValue("service") instanceof JsonObject object ? object : new JsonObject();
        put(facts, "version", service.getValue("version"));
        put(facts, "kernel", report.getValue("kernel"));
        put(facts, "transport", report.getValue("transport"));
        put(facts, "state", report.getValue("state"));
        if (report.getValue("limits") instanceof JsonObject limits) {
            limits.forEach(limit -> put(facts, Printable.of(limit.getKey()), limit.getValue()));
        }
        JsonArray listeners = report.getJsonArray("listeners");
        if (listeners == null || listeners.isEmpty()) {
            throw new CheckFailure(listeners == null ? "not a socket report" : "it names no listener");
        }
        int shortfalls = 0;
        for (Object entry : listeners) {
            JsonObject listener = (JsonObject) entry;
            String name = Printable.of(listener.getValue("name"));
            put(facts, name + " mode", listener.getValue("mode"));
            JsonArray sockets = listener.getJsonArray("sockets");
            put(facts, name + " sockets", sockets == null ? 0 : sockets.size());
            for (Object socket : sockets == null ? new JsonArray() : sockets) {
                shortfalls += socket(facts, name + " listener ", (JsonObject) socket);
            }
            if (listener.getValue("accepted") instanceof JsonObject accepted) {
                shortfalls += options(facts, name + " accepted ", accepted.getJsonArray("options"));
            }
        }
        Object pod = service.getValue("pod") == null ? service.getValue("hostName") : service.getValue("pod");
        Object node = service.getValue("node");
        return new PodReport(
                pod == null ? address : Printable.of(pod),
                node == null ? "" : "node " + Printable.of(node),
                facts,
                shortfalls);
    }

    private static int socket(Map<String, String> facts, String where, JsonObject socket) {
        put(facts, where + "is listening", socket.getValue("listening"));
        if (socket.getValue("acceptQueue") instanceof JsonObject queue) {
            put(facts, where + "backlog in force", queue.getValue("max"));
        }
        return options(facts, where, socket.getJsonArray("options"));
    }

    private static int options(Map<String, String> facts, String where, JsonArray options) {
        int shortfalls = 0;
        for (Object entry : options == null ? new JsonArray() : options) {
            JsonObject option = (JsonObject) entry;
            Object requested = option.getValue("requested");
            boolean less = SHORTFALLS.contains(String.valueOf(option.getValue("status")));
            shortfalls += less && requested != null ? 1 : 0;
            put(
                    facts,
                    where + Printable.of(option.getValue("option")),
                    option.getValue("effective")
                            + (requested == null
                                    ? ""
                                    : " (" + asked(requested, option.getValue("effective"), less) + ")"));
        }
        return shortfalls;
    }

    private static String asked(Object requested, Object effective, boolean less) {
        if (less && requested instanceof Number asked && effective instanceof Number got && got.longValue() > 0) {
            long times = Math.round((double) asked.longValue() / got.longValue());
            if (times > 1) {
                return "1/" + times + " of the " + requested + " that was asked for";
            }
        }
        return "asked for " + requested;
    }

    /** Sockets of one listener share a name: where they differ, both values stand. */
    private static void put(Map<String, String> facts, String name, Object value) {
        String text = Printable.of(value);
        if (facts.size() < MOST_FACTS) {
            facts.merge(name, text, (a, b) -> a.equals(b) || a.endsWith(" and " + b) ? a : a + " and " + b);
        }
    }
}
