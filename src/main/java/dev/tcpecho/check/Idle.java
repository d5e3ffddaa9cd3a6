package dev.tcpecho.check;

import dev.tcpecho.check.Silence.End;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Silences of many lengths at once, each on a connection of its own. The shortest that is not survived and the longest
 * that is tell when the path cuts; a few of the others are asked at that moment, since one connection may end for
 * another reason, and so are those that the kernel keeps alive.
 */
final class Idle {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final List<Integer> KEEP_ALIVES = List.of(1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 240, 300);
    private static final int WITNESSES = 3;

    private final HostAndPort target;
    private final Dialer dialer;
    private final Duration timeout;
    private final Progress progress;
    private final BlockingQueue<Silence> ended = new LinkedBlockingQueue<>();
    private final List<Silence> plain = new ArrayList<>();
    private final List<Silence> keptAlive = new ArrayList<>();
    private Habit habit;

    Idle(HostAndPort target, Dialer dialer, Duration timeout, Progress progress) {
        this.target = target;
        this.dialer = dialer;
        this.timeout = timeout;
        this.progress = progress;
    }

    Finding run(Duration longest, int connections) throws CheckFailure {
        habit = Habit.of(target, dialer, Deadline.in(timeout));
        if (habit == Habit.REPORT) {
            throw new CheckFailure(target + ": a listener of mode report answers no words, take an echo listener");
        }
        for (Duration length : lengths(longest, connections)) {
            plain.add(start(length, null));
        }
        for (int seconds : KEEP_ALIVES) {
            if (Duration.ofSeconds(2L * seconds).compareTo(longest) <= 0) {
                keptAlive.add(start(longest, Duration.ofSeconds(seconds)));
            }
        }
        try {
            return await(longest);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CheckFailure("interrupted");
        } finally {
            progress.end();
        }
    }

    /** In equal ratios, and beside the usual times. */
    static List<Duration> lengths(Duration longest, int count) {
        TreeSet<Duration> lengths = new TreeSet<>();
        lengths.add(longest);
        double shortest = Math.min(SHORTEST.toNanos(), longest.toNanos() / 2.0);
        for (int i = 0; i < count - 1; i++) {
            lengths.add(
                    Duration.ofNanos((long) (shortest * Math.pow(longest.toNanos() / shortest, i / (count - 1.0)))));
        }
        for (Duration length : Suspect.around()) {
            if (length.compareTo(longest) < 0) {
                lengths.add(length);
            }
        }
        return List.copyOf(lengths);
    }

    private Silence start(Duration length, Duration keepAlive) {
        Silence silence = new Silence(target, habit, dialer, length, timeout, keepAlive, ended);
        Thread thread = new Thread(null, silence, "check-silence", 256 << 10);
        thread.setDaemon(true);
        thread.start();
        return silence;
    }

    private Finding await(Duration longest) throws InterruptedException, CheckFailure {
        long start = System.nanoTime();
        Deadline last = Deadline.in(longest.plus(timeout.multipliedBy(3)));
        Duration survived = Duration.ZERO;
        int left = plain.size();
        while (left > 0) {
            Silence next = ended.poll(Math.min(500, last.remainingMillis()), TimeUnit.MILLISECONDS);
            progress.say("silent for " + (System.nanoTime() - start) / 1_000_000_000 + " s, survived so far: "
                    + words(survived));
            if (next == null && last.isOver()) {
                throw new CheckFailure(target + ": no result in time");
            }
            if (next == null || next.keepAlive() != null) {
                continue;
            }
            left--;
            switch (next.end()) {
                case ALIVE -> survived = next.lasted().compareTo(survived) > 0 ? next.lasted() : survived;
                case NOT_CONNECTED -> throw new CheckFailure(target + ": not every connection could be made");
                default -> {
                    if (isConfirmed(next)) {
                        return new Cut(next, survived, survivingKeepAlive(next.lasted()))
                                .finding(target, habit, json(survived));
                    }
                }
            }
        }
        return new Finding(
                true,
                List.of(),
                "no cut: connections to " + target + " (mode " + habit + ") live through " + words(survived)
                        + " of silence",
                json(survived).put("cut", null));
    }

    /** Whether others that have been silent for as long have gone too. */
    private boolean isConfirmed(Silence first) {
        List<Silence> witnesses = plain.stream()
                .filter(silence -> silence != first && silence.planned().compareTo(first.lasted()) > 0)
                .limit(WITNESSES)
                .toList();
        List<Silence> asked = new ArrayList<>(witnesses);
        asked.addAll(keptAlive);
        ask(asked);
        return witnesses.stream().noneMatch(silence -> silence.end() == End.ALIVE);
    }

    private void ask(List<Silence> silences) {
        silences.forEach(Silence::ask);
        Deadline answered = Deadline.in(timeout.multipliedBy(2));
        while (!answered.isOver() && silences.stream().anyMatch(silence -> silence.end() == null)) {
            answered.pause(Duration.ofMillis(50));
        }
    }

    /** The longest, empty when none outlived a cut after this time. */
    private Optional<Duration> survivingKeepAlive(Duration cut) {
        return keptAlive.stream()
                .filter(silence ->
                        silence.end() == End.ALIVE && silence.keepAlive().compareTo(cut) < 0)
                .map(Silence::keepAlive)
                .reduce((a, b) -> b);
    }

    private JsonObject json(Duration survived) {
        return new JsonObject()
                .put("target", target.toString())
                .put("mode", habit.toString())
                .put("survivedMillis", survived.toMillis());
    }

    static String words(Duration time) {
        long seconds = time.toSeconds();
        if (seconds >= 120) {
            return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
        }
        long tenths = time.toMillis() / 100;
        return tenths / 10 + (tenths % 10 == 0 || tenths >= 1000 ? "" : "." + tenths % 10) + " s";
    }
}
