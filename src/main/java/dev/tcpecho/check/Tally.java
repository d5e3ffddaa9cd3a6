package dev.tcpecho.check;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a watch has seen so far, from all its threads. */
final class Tally {
    private static final int MOST_EVENTS = 30;
    private static final int MOST_NAMES = 200;
    private static final long SAME_EVENT_NANOS = Duration.ofSeconds(2).toNanos();

    /** What a client of the service would have suffered. */
    enum Harm {
        REFUSED("connections refused"),
        UNREACHABLE("connections that could not be made"),
        RESET("resets with bytes owed, or instead of an end"),
        SHORT("ends with bytes missing"),
        STALLED("echoes that did not come in time"),
        CHANGED("echoes with other bytes");

        private final String words;

        Harm(String words) {
            this.words = words;
        }
    }

    private static final class Event {
        private final Harm harm;
        private final long first;
        private long last;
        private long count = 1;

        private Event(Harm harm, long at) {
            this.harm = harm;
            this.first = at;
            this.last = at;
        }
    }

    private final long start = System.nanoTime();
    private final Map<Harm, Long> harms = new EnumMap<>(Harm.class);
    private final Deque<Event> events = new ArrayDeque<>();
    private final Map<String, Long> answeredBy = new TreeMap<>();
    private long unnamedEvents;
    private long connections;
    private long streams;
    private long echoed;
    private long lost;
    private long skipped;
    private long lastAnswer = start;
    private long longestGap;

    synchronized void connected(boolean stream) {
        if (stream) {
            streams++;
        } else {
            connections++;
        }
    }

    synchronized void echoed(long bytes) {
        echoed += bytes;
    }

    /** A short connection went as it should. @param who answered, as far as can be told */
    synchronized void answered(String who) {
        long now = System.nanoTime();
        longestGap = Math.max(longestGap, now - lastAnswer);
        lastAnswer = now;
        named(who);
    }

    synchronized void named(String who) {
        if (answeredBy.size() < MOST_NAMES || answeredBy.containsKey(who)) {
            answeredBy.merge(who, 1L, Long::sum);
        }
    }

    synchronized void harmed(Harm harm, long bytesLost) {
        harms.merge(harm, 1L, Long::sum);
        lost += bytesLost;
        long now = System.nanoTime() - start;
        for (Event event : events) {
            if (event.harm == harm && now - event.last < SAME_EVENT_NANOS) {
                event.last = now;
                event.count++;
                return;
            }
        }
        if (events.size() < MOST_EVENTS) {
            events.add(new Event(harm, now));
        } else {
            unnamedEvents++;
        }
    }

    /** All the client's own connections were busy: nothing was tried. */
    synchronized void skipped() {
        skipped++;
    }

    synchronized String progress() {
        return elapsed(System.nanoTime() - start) + ": " + connections + " connections, " + streams + " streams, "
                + lost + " bytes lost, " + harmed() + " failures";
    }

    private long harmed() {
        return harms.values().stream().mapToLong(Long::longValue).sum();
    }

    private long count(Harm harm) {
        return harms.getOrDefault(harm, 0L);
    }

    /** @param persistent how many streams there were to be */
    synchronized Finding finding(HostAndPort target, Habit habit, int persistent) {
        long now = System.nanoTime();
        longestGap = Math.max(longestGap, now - lastAnswer);
        long reconnects = Math.max(0, streams - persistent);
        long dirty = count(Harm.RESET) + count(Harm.SHORT) + count(Harm.CHANGED) + count(Harm.STALLED);
        long refused = count(Harm.REFUSED) + count(Harm.UNREACHABLE);
        boolean ok = dirty == 0 && refused == 0 && lost == 0;
        String summary = lost + " bytes lost, " + dirty + " dirty ends, " + refused + " refused: " + connections
                + " connections"
                + (persistent == 0
                        ? ""
                        : " and " + persistent + " streams, reconnected " + reconnects
                                + (reconnects == 1 ? " time," : " times,"))
                + " to " + target + " (mode " + habit + ") in "
                + elapsed(now - start) + ", longest gap " + longestGap / 1_000_000 + " ms";
        JsonObject kinds = new JsonObject();
        harms.forEach((harm, count) -> kinds.put(harm.name().toLowerCase(java.util.Locale.ROOT), count));
        JsonObject json = new JsonObject()
                .put("target", target.toString())
                .put("mode", habit.toString())
                .put("connections", connections)
                .put("streams", persistent)
                .put("reconnects", reconnects)
                .put("bytesEchoed", echoed)
                .put("bytesLost", lost)
                .put("dirtyEnds", dirty)
                .put("refused", refused)
                .put("notTried", skipped)
                .put("longestGapMillis", longestGap / 1_000_000)
                .put("failures", kinds)
                .put("answeredBy", new JsonObject(new java.util.LinkedHashMap<>(answeredBy)))
                .put("events", new JsonArray(events.stream().map(Tally::json).toList()));
        return new Finding(ok, lines(), summary, json);
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Event event : events) {
            lines.add("from " + elapsed(event.first) + " to " + elapsed(event.last) + ": " + event.count + " "
                    + event.harm.words);
        }
        if (unnamedEvents > 0) {
            lines.add("and " + unnamedEvents + " failures more");
        }
        if (skipped > 0) {
            lines.add(skipped + " connections were not tried: as many as this client holds were waiting");
        }
        answeredBy.forEach((who, count) -> lines.add("answered by " + who + ": " + count + " times"));
        return lines;
    }

    private static JsonObject json(Event event) {
        return new JsonObject()
                .put("failure", event.harm.name().toLowerCase(java.util.Locale.ROOT))
                .put("count", event.count)
                .put("fromMillis", event.first / 1_000_000)
                .put("toMillis", event.last / 1_000_000);
    }

    private static String elapsed(long nanos) {
        long tenths = nanos / 100_000_000;
        return tenths / 10 + "." + tenths % 10 + " s";
    }
}
