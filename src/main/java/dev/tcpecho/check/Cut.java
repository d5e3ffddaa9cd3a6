package dev.tcpecho.check;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A path that cuts silent connections: when, how, who usually does that, and what helps.
 *
 * @param first the shortest silence that was not survived
 * @param survived the longest that was
 * @param keepAlive the longest keep-alive that survived the cut; empty when none did
 */
record Cut(Silence first, Duration survived, Optional<Duration> keepAlive) {
    /** @param known what is told of the path in any case */
    Finding finding(HostAndPort target, Habit habit, JsonObject known) {
        Duration most = first.lasted();
        Duration least = first.cameUnasked() ? most : survived;
        List<String> suspects = Suspect.between(least, most);
        List<String> lines = new ArrayList<>();
        lines.add(
                suspects.isEmpty()
                        ? "none of the usual time-outs lies there"
                        : "who usually cuts then: " + String.join("; ", suspects));
        lines.add(advice(most));
        String when = first.cameUnasked()
                ? "after " + Idle.words(most)
                : "between " + Idle.words(survived) + " and " + Idle.words(most);
        String summary =
                "cut " + when + " of silence, " + first.end().words() + ": " + target + " (mode " + habit + ")";
        JsonObject json = known.put(
                        "cut",
                        new JsonObject()
                                .put("afterMillis", most.toMillis())
                                .put("exact", first.cameUnasked())
                                .put("how", first.end().name().toLowerCase(Locale.ROOT)))
                .put("suspects", new JsonArray(suspects))
                .put("keepAliveSeconds", keepAlive.map(Duration::toSeconds).orElse(null));
        return new Finding(false, lines, summary, json);
    }

    private String advice(Duration cut) {
        if (keepAlive.isPresent()) {
            long seconds = keepAlive.get().toSeconds();
            return "a keep-alive of " + seconds + " s survived: on the service echo.socket.tcp-keep-alive=true and"
                    + " echo.socket.tcp-keep-alive-idle=" + seconds + "S";
        }
        return cut.compareTo(Duration.ofSeconds(2)) < 0
                ? "it cuts too soon for keep-alive, whose unit is the second"
                : "no keep-alive survived: who cuts counts bytes, not probes, as proxies do; send data, or raise its"
                        + " time-out";
    }
}
