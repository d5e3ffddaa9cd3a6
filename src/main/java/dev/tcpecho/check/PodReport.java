package dev.tcpecho.check;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/**
 * One pod's report as pairs that can be compared: what an operator chose and what the kernel made of it, not what
 * changes from moment to moment. Everything is safe to print.
 *
 * @param name the pod's, or its address
 * @param address the one that it was asked at
 * @param node where the pod runs, in words; empty where the report does not say
 * @param facts of the pod as a whole, by their names
 * @param listeners the facts of each listener, by its name
 * @param shortfalls options that are less than asked for
 */
record PodReport(
        String name,
        String address,
        String node,
        Map<String, String> facts,
        Map<String, Map<String, String>> listeners,
        int shortfalls) {
    private static final int MOST_LIMITS = 1000;
    private static final int MOST_LISTENERS = 1000;

    String kernel() {
        return facts.get("kernel");
    }

    PodReport withItsAddress() {
        return new PodReport(name + " at " + address, address, node, facts, listeners, shortfalls);
    }

    /** @throws CheckFailure where it is no report of a service at work */
    static PodReport of(String address, String body) throws CheckFailure {
        ReceivedReport report = ReceivedReport.of(body);
        JsonObject whole = report.whole();
        JsonObject service = whole.getValue("service") instanceof JsonObject object ? object : new JsonObject();
        Map<String, String> facts = new TreeMap<>();
        if (whole.getValue("limits") instanceof JsonObject limits) {
            limits.stream()
                    .limit(MOST_LIMITS)
                    .forEach(limit -> facts.put(Printable.of(limit.getKey()), Printable.of(limit.getValue())));
        }
        facts.put("version", Printable.of(service.getValue("version")));
        for (String name : new String[] {"kernel", "transport", "state"}) {
            facts.put(name, Printable.of(whole.getValue(name)));
        }
        boolean buffersAreDoubled = "epoll".equals(whole.getValue("transport"));
        Map<String, Map<String, String>> listeners = new TreeMap<>();
        int shortfalls = 0;
        for (JsonObject listener : report.listeners()
                .subList(0, Math.min(MOST_LISTENERS, report.listeners().size()))) {
            ListenerFacts own = new ListenerFacts(listener, buffersAreDoubled);
            listeners.put(Printable.of(listener.getValue("name")), own.facts());
            shortfalls += own.shortfalls();
        }
        Object pod = service.getValue("pod") == null ? service.getValue("hostName") : service.getValue("pod");
        Object node = service.getValue("node");
        return new PodReport(
                pod == null ? address : Printable.of(pod),
                address,
                node == null ? "" : "node " + Printable.of(node),
                facts,
                listeners,
                shortfalls);
    }
}
