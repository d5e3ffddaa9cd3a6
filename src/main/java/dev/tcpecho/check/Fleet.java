package dev.tcpecho.check;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** The reports of all the addresses of a name, held against each other. */
final class Fleet {
    private static final int AT_ONCE = 16;
    private static final int MOST_PODS = 1000;
    private static final int MOST_LINES = 200;

    private final Url url;
    private final Dialer dialer;
    private final Deadline deadline;
    private final Map<InetAddress, PodReport> reports = new LinkedHashMap<>();
    private final Map<InetAddress, String> failures = new LinkedHashMap<>();
    /** Who had no answer when the time was over that others left for it. */
    private final Set<InetAddress> late = ConcurrentHashMap.newKeySet();

    Fleet(Url url, Dialer dialer, Deadline deadline) {
        this.url = url;
        this.dialer = dialer;
        this.deadline = deadline;
    }

    /** Strict makes a difference and a shortfall a failure. */
    Finding run(boolean strict) throws CheckFailure {
        List<InetAddress> addresses = addresses();
        askAll(addresses);
        List<PodReport> pods = pods(addresses);
        Differences differences = new Differences(pods);
        int shortfalls = pods.stream().mapToInt(PodReport::shortfalls).sum();
        int differ = differences.count();
        boolean ok = failures.isEmpty() && (!strict || differ == 0 && shortfalls == 0);
        String summary = "fleet " + url + ": " + addresses.size()
                + (addresses.size() == 1 ? " address" : " addresses") + ", "
                + (differ == 0 ? "nothing differs" : differ + (differ == 1 ? " difference" : " differences"))
                + ", shortfalls=" + shortfalls
                + (failures.isEmpty() ? "" : ", " + failures.size() + " without a report");
        List<String> failed = addresses.stream()
                .filter(failures::containsKey)
                .map(address -> address.getHostAddress() + ": " + failures.get(address))
                .toList();
        JsonObject json = new JsonObject()
                .put("url", url.toString())
                .put("pods", new JsonArray(pods.stream().map(PodReport::name).toList()))
                .put("differences", differences.json())
                .put("shortfalls", shortfalls)
                .put("failures", new JsonArray(failed));
        List<String> lines = new ArrayList<>(failed);
        lines.addAll(differences.lines().subList(0, Math.min(differ, MOST_LINES)));
        if (differ > MOST_LINES) {
            lines.add("and " + (differ - MOST_LINES) + " differences more");
        }
        return new Finding(ok, lines, summary, json);
    }

    private List<InetAddress> addresses() throws CheckFailure {
        List<InetAddress> addresses;
        try {
            addresses = Dialer.persistently(() -> Names.addresses(url.target().host(), deadline), deadline);
        } catch (IOException e) {
            throw new CheckFailure("fleet " + url + ": " + Trouble.of(e, deadline));
        }
        if (addresses.size() > MOST_PODS) {
            throw new CheckFailure("fleet " + url + ": more than " + MOST_PODS + " addresses");
        }
        return addresses.stream()
                .distinct()
                .sorted(Comparator.comparing(InetAddress::getHostAddress))
                .toList();
    }

    /** Pods of one name, such as two on one host, are told apart by their addresses. */
    private List<PodReport> pods(List<InetAddress> addresses) {
        Map<String, Long> pods =
                reports.values().stream().collect(Collectors.groupingBy(PodReport::name, Collectors.counting()));
        return addresses.stream()
                .filter(reports::containsKey)
                .map(reports::get)
                .map(pod -> pods.get(pod.name()) > 1 ? pod.withItsAddress() : pod)
                .toList();
    }

    private void askAll(List<InetAddress> addresses) throws CheckFailure {
        ExecutorService askers = Executors.newFixedThreadPool(AT_ONCE, task -> {
            Thread thread = new Thread(task, "check-fleet");
            thread.setDaemon(true);
            return thread;
        });
        try {
            boolean inTurns = addresses.size() > AT_ONCE;
            ask(addresses, inTurns ? 1 : 0, askers);
            if (inTurns) {
                ask(List.copyOf(late), 0, askers);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CheckFailure("interrupted");
        } finally {
            askers.shutdownNow();
        }
    }

    /**
     * Those that are asked first leave time for those behind them, however long they take.
     *
     * @param turns for which some time is to be left in the end
     */
    private void ask(List<InetAddress> addresses, int turns, ExecutorService askers) throws InterruptedException {
        AtomicInteger waiting = new AtomicInteger(addresses.size());
        Map<InetAddress, Future<PodReport>> answers = new LinkedHashMap<>();
        for (InetAddress address : addresses) {
            answers.put(address, askers.submit(() -> {
                int ahead = (waiting.getAndDecrement() + AT_ONCE - 1) / AT_ONCE;
                return ask(address, deadline.orIn(deadline.remaining().dividedBy(ahead + turns)));
            }));
        }
        for (Map.Entry<InetAddress, Future<PodReport>> answer : answers.entrySet()) {
            failures.remove(answer.getKey());
            try {
                reports.put(answer.getKey(), answer.getValue().get());
            } catch (ExecutionException e) {
                failures.put(answer.getKey(), e.getCause().getMessage());
            }
        }
    }

    private PodReport ask(InetAddress address, Deadline by) throws CheckFailure {
        Http.Answer answer;
        try {
            answer = Http.get(url, address, dialer, by);
        } catch (CheckFailure e) {
            if (by.isOver()) {
                late.add(address);
            }
            throw e;
        }
        if (answer.status() != 200) {
            throw new CheckFailure(url + ": status " + answer.status());
        }
        return PodReport.of(address.getHostAddress(), answer.body());
    }
}
