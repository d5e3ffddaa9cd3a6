package dev.tcpecho.check;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One listener of a report as pairs that can be compared, all safe to print. */
final class ListenerFacts {
    private static final int MOST = 1000;
    private static final Set<String> BUFFERS = Set.of("SO_RCVBUF", "SO_SNDBUF");

    /** Of a connection these follow the traffic, and so do those for which the report gives such a reason. */
    private static final Set<String> OF_THE_MOMENT =
            Set.of("SO_INCOMING_CPU", "TCP_QUICKACK", "TCP_MAXSEG", "TCP_WINDOW_CLAMP");

    private static final Set<String> REASONS_OF_THE_MOMENT = Set.of("autotuned", "negotiated", "overruled");

    private final Map<String, String> facts = new TreeMap<>();
    private final boolean buffersAreDoubled;
    private int shortfalls;

    /** @param buffersAreDoubled whether it shows sizes as Linux keeps them, twice as large as asked */
    ListenerFacts(JsonObject listener, boolean buffersAreDoubled) {
        this.buffersAreDoubled = buffersAreDoubled;
        put("mode", listener.getValue("mode"));
        List<JsonObject> sockets = ReceivedReport.sockets(listener);
        put("sockets", sockets.size());
        for (JsonObject socket : sockets) {
            if (socket.getValue("acceptQueue") instanceof JsonObject queue) {
                put("listener backlog in force", queue.getValue("max"));
            }
            ReceivedReport.options(socket).forEach(option -> put("listener", option, false));
        }
        ReceivedReport.accepted(listener).forEach(option -> put("accepted", option, isOfTheMoment(option)));
    }

    Map<String, String> facts() {
        return facts;
    }

    /** Options that are less than asked for. */
    int shortfalls() {
        return shortfalls;
    }

    private static boolean isOfTheMoment(JsonObject option) {
        return OF_THE_MOMENT.contains(String.valueOf(option.getValue("option")))
                || REASONS_OF_THE_MOMENT.contains(String.valueOf(option.getValue("reason")));
    }

    private void put(String role, JsonObject option, boolean ofTheMoment) {
        Object requested = option.getValue("requested");
        Object effective = option.getValue("effective");
        String name = role + " " + Printable.of(option.getValue("option"));
        if (requested == null) {
            put(name, ofTheMoment ? "not asked for" : effective);
            return;
        }
        shortfalls += ReceivedReport.isShortfall(option) ? 1 : 0;
        put(name, ofTheMoment ? "asked for " + requested : effective + " (" + asked(option) + ")");
    }

    private String asked(JsonObject option) {
        Object requested = option.getValue("requested");
        if (!ReceivedReport.isShortfall(option)) {
            return "asked for " + requested;
        }
        if (requested instanceof Number asked && option.getValue("effective") instanceof Number got) {
            long kept = got.longValue();
            if (buffersAreDoubled && BUFFERS.contains(String.valueOf(option.getValue("option")))) {
                kept /= 2;
            }
            long times = kept > 0 ? Math.round((double) asked.longValue() / kept) : 0;
            if (times > 1) {
                return "1/" + times + " of the " + requested + " that was asked for";
            }
        }
        return option.getValue("status") + ", asked for " + requested;
    }

    /** Sockets of one listener share a name: where they differ, both values stand. */
    private void put(String name, Object value) {
        String text = Printable.of(value);
        if (facts.size() < MOST) {
            facts.merge(name, text, (a, b) -> a.equals(b) || a.endsWith(" and " + b) ? a : a + " and " + b);
        }
    }
}
