package dev.tcpecho.check;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The reports of all the addresses of a name, held against each other. */
final class Fleet {
    private static final int AT_ONCE = 16;
    private static final int MOST_PODS = 1000;
    private static final int MOST_NAMED = 8;
    private static final int MOST_LINES = 200;

    private final Url url;
    private final Dialer dialer;
    private final Deadline deadline;
    private final List<PodReport> pods = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final JsonArray differences = new JsonArray();
    private final List<String> lines = new ArrayList<>();

    Fleet(Url url, Dialer dialer, Deadline deadline) {
        this.url = url;
        this.dialer = dialer;
        this.deadline = deadline;
    }

    /** Strict makes a difference and a shortfall a failure. */
    Finding run(boolean strict) throws CheckFailure {
        askAll();
        compare();
        int shortfalls = pods.stream().mapToInt(PodReport::shortfalls).sum();
        int differ = differences.size();
        boolean ok = failures.isEmpty() && (!strict || differ == 0 && shortfalls == 0);
        String summary = "fleet " + url + ": " + pods.size() + (pods.size() == 1 ? " address" : " addresses") + ", "
                + (differ == 0 ? "nothing differs" : differ + (differ == 1 ? " difference" : " differences"))
                + ", shortfalls=" + shortfalls
                + (failures.isEmpty() ? "" : ", " + failures.size() + " without a report");
        JsonObject json = new JsonObject()
                .put("url", url.toString())
                .put("pods", new JsonArray(pods.stream().map(PodReport::name).toList()))
                .put("differences", differences)
                .put("shortfalls", shortfalls)
                .put("failures", new JsonArray(failures));
        List<String> all = new ArrayList<>(failures);
        all.addAll(lines.subList(0, Math.min(lines.size(), MOST_LINES)));
        if (lines.size() > MOST_LINES) {
            all.add("and " + (lines.size() - MOST_LINES) + " differences more");
        }
        return new Finding(ok, all, summary, json);
    }

    private void askAll() throws CheckFailure {
        ExecutorService askers = Executors.newFixedThreadPool(AT_ONCE, task -> {
            Thread thread = new Thread(task, "check-fleet");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Map<InetAddress, Future<PodReport>> answers = new LinkedHashMap<>();
            for (InetAddress address : addresses()) {
                answers.put(address, askers.submit(() -> ask(address)));
            }
            for (Map.Entry<InetAddress, Future<PodReport>> answer : answers.entrySet()) {
                try {
                    pods.add(answer.getValue().get());
                } catch (ExecutionException e) {
                    failures.add(answer.getKey().getHostAddress() + ": "
                            + e.getCause().getMessage());
                }
            }
        } catch (IOException e) {
            throw new CheckFailure("fleet " + url + ": " + Trouble.of(e, deadline));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CheckFailure("interrupted");
        } finally {
            askers.shutdownNow();
        }
    }

    private Collection<InetAddress> addresses() throws IOException, CheckFailure {
        List<InetAddress> addresses =
                Dialer.persistently(() -> Names.addresses(url.target().host(), deadline), deadline);
        if (addresses.size() > MOST_PODS) {
            throw new CheckFailure("fleet " + url + ": more than " + MOST_PODS + " addresses");
        }
        return addresses.stream()
                .distinct()
                .sorted(Comparator.comparing(InetAddress::getHostAddress))
                .toList();
    }

    private PodReport ask(InetAddress address) throws CheckFailure {
        Http.Answer answer = Http.get(url, address, dialer, deadline);
        if (answer.status() != 200) {
            throw new CheckFailure(url + ": status " + answer.status());
        }
        return PodReport.of(address.getHostAddress(), answer.body());
    }

    private void compare() {
        TreeSet<String> names = new TreeSet<>();
        pods.forEach(pod -> names.addAll(pod.facts().keySet()));
        for (String name : names) {
            Map<String, List<PodReport>> byValue = pods.stream()
                    .collect(Collectors.groupingBy(
                            pod -> pod.facts().getOrDefault(name, "absent"), LinkedHashMap::new, Collectors.toList()));
            if (byValue.size() > 1) {
                differs(name, byValue);
            }
        }
    }

    /** What most have first, then who has something else. */
    private void differs(String name, Map<String, List<PodReport>> byValue) {
        List<Map.Entry<String, List<PodReport>>> groups = byValue.entrySet().stream()
                .sorted(Comparator.comparing(group -> -group.getValue().size()))
                .toList();
        JsonObject values = new JsonObject();
        groups.forEach(group -> values.put(
                group.getKey(),
                new JsonArray(group.getValue().stream().map(PodReport::name).toList())));
        differences.add(new JsonObject().put("what", name).put("values", values));
        boolean majority =
                groups.get(0).getValue().size() > groups.get(1).getValue().size();
        String others = groups.stream()
                .skip(majority ? 1 : 0)
                .map(group -> named(group.getValue()) + ": " + group.getKey())
                .collect(Collectors.joining("; "));
        lines.add(name + ": "
                + (majority
                        ? groups.get(0).getKey() + " on "
                                + groups.get(0).getValue().size() + " of " + pods.size() + ", but on " + others
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
        boolean kernelsDiffer = pods.stream().map(PodReport::kernel).distinct().count() > 1;
        String where = Stream.of(pod.node(), kernelsDiffer ? pod.kernel() : "")
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(", "));
        return where.isEmpty() ? "" : " (" + where + ")";
    }
}
