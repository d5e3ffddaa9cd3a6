package dev.tcpecho.check;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the reports of several pods say differently, in the order of its names. */
final class Differences {
    private static final int MOST_NAMED = 8;

    private final boolean kernelsDiffer;
    private final Map<String, String> lines = new TreeMap<>();
    private final Map<String, JsonObject> values = new TreeMap<>();

    Differences(List<PodReport> pods) {
        this.kernelsDiffer = pods.stream().map(PodReport::kernel).distinct().count() > 1;
        compare("", pods, PodReport::facts);
        TreeSet<String> listeners = new TreeSet<>();
        pods.forEach(pod -> listeners.addAll(pod.listeners().keySet()));
        for (String listener : listeners) {
            compare(
                    "listener ",
                    pods,
                    pod -> pod.listeners().containsKey(listener) ? Map.of(listener, "there") : Map.of());
            List<PodReport> having = pods.stream()
                    .filter(pod -> pod.listeners().containsKey(listener))
                    .toList();
            compare(listener + " ", having, pod -> pod.listeners().get(listener));
        }
    }

    int count() {
        return lines.size();
    }

    /** Each safe to print. */
    List<String> lines() {
        return List.copyOf(lines.values());
    }

    JsonArray json() {
        JsonArray all = new JsonArray();
        values.forEach(
                (what, each) -> all.add(new JsonObject().put("what", what).put("values", each)));
        return all;
    }

    private void compare(String of, List<PodReport> some, Function<PodReport, Map<String, String>> facts) {
        TreeSet<String> names = new TreeSet<>();
        some.forEach(pod -> names.addAll(facts.apply(pod).keySet()));
        for (String name : names) {
            Map<String, List<PodReport>> byValue = some.stream()
                    .collect(Collectors.groupingBy(
                            pod -> facts.apply(pod).getOrDefault(name, "absent"),
                            LinkedHashMap::new,
                            Collectors.toList()));
            if (byValue.size() > 1) {
                differs(of + name, some.size(), byValue);
            }
        }
    }

    /** What most have first, then who has something else. */
    private void differs(String what, int of, Map<String, List<PodReport>> byValue) {
        List<Map.Entry<String, List<PodReport>>> groups = byValue.entrySet().stream()
                .sorted(Comparator.comparing(group -> -group.getValue().size()))
                .toList();
        JsonObject podsByValue = new JsonObject();
        groups.forEach(group -> podsByValue.put(
                group.getKey(),
                new JsonArray(group.getValue().stream().map(PodReport::name).toList())));
        values.put(what, podsByValue);
        int most = groups.get(0).getValue().size();
        boolean majority = most > groups.get(1).getValue().size();
        String others = groups.stream()
                .skip(majority ? 1 : 0)
                .map(group -> named(group.getValue()) + ": " + group.getKey())
                .collect(Collectors.joining("; "));
        lines.put(
                what,
                what + ": "
                        + (majority
                                ? groups.get(0).getKey() + " on " + most + " of " + of + ", but on " + others
                                : others));
    }

    private String named(List<PodReport> some) {
        String names = some.stream()
                .limit(MOST_NAMED)
                .map(pod -> pod.name() + where(pod))
                .collect(Collectors.joining(", "));
        return some.size() > MOST_NAMED ? names + " and " + (some.size() - MOST_NAMED) + " more" : names;
    }

    /** The kernel is worth a word where it is not everybody's. */
    private String where(PodReport pod) {
        String where = Stream.of(pod.node(), kernelsDiffer ? pod.kernel() : "")
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(", "));
        return where.isEmpty() ? "" : " (" + where + ")";
    }
}
