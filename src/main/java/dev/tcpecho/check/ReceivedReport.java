package dev.tcpecho.check;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/**
 * A socket report as it came, once it is known to be one of a service at work: whoever reads on finds what it needs.
 */
record ReceivedReport(JsonObject whole) {
    private static final Set<String> SHORTFALLS = Set.of("reduced", "inert", "ignored");

    /** @throws CheckFailure with what makes it none */
    static ReceivedReport of(String body) throws CheckFailure {
        String wrong;
        ReceivedReport report = null;
        try {
            report = new ReceivedReport(new JsonObject(body));
            wrong = report.wrong();
        } catch (DecodeException | ClassCastException e) {
            wrong = "not a socket report";
        }
        if (wrong != null) {
            throw new CheckFailure(wrong);
        }
        return report;
    }

    private String wrong() {
        if (listeners().isEmpty()) {
            return "it names no listener";
        }
        for (JsonObject listener : listeners()) {
            String name = Printable.of(listener.getValue("name"));
            if (sockets(listener).isEmpty()) {
                return "listener " + name + " has no socket";
            }
            for (JsonObject socket : sockets(listener)) {
                if (Boolean.FALSE.equals(socket.getValue("listening"))) {
                    return "listener " + name + " does not listen on " + Printable.of(socket.getValue("address"))
                            + " port " + Printable.of(socket.getValue("port"));
                }
                if (options(socket).isEmpty()) {
                    return "it leaves the options of listener " + name + " out, as details=false asks";
                }
            }
            accepted(listener);
        }
        return null;
    }

    List<JsonObject> listeners() {
        return objects(whole, "listeners");
    }

    static List<JsonObject> sockets(JsonObject listener) {
        return objects(listener, "sockets");
    }

    /** Of a connection that the listener accepted; none where it knows of none yet. */
    static List<JsonObject> accepted(JsonObject listener) {
        JsonObject accepted = listener.getJsonObject("accepted");
        return accepted == null ? List.of() : options(accepted);
    }

    static List<JsonObject> options(JsonObject of) {
        return objects(of, "options");
    }

    /** Whether the kernel gave less than was asked. */
    static boolean isShortfall(JsonObject option) {
        return option.getValue("requested") != null
                && option.getValue("status") instanceof String status
                && SHORTFALLS.contains(status);
    }

    private static List<JsonObject> objects(JsonObject parent, String key) {
        JsonArray array = parent.getJsonArray(key);
        if (array == null || array.contains(null)) {
            throw new DecodeException("no " + key);
        }
        return array.stream().map(JsonObject.class::cast).toList();
    }
}
