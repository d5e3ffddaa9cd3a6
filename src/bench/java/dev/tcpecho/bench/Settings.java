package dev.tcpecho.bench;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * How long and with what to measure; each a system property {@code bench.<name>}.
 *
 * @param warmup seconds of load before each measurement
 * @param seconds of each measurement
 * @param churn seconds of connections opened and closed while memory is watched
 * @param idle connections held at a time, bounded by the descriptor limit
 * @param starts of each server, of which the median counts
 * @param settle seconds between the first echo and the look at idle memory
 * @param core that servers and load share; the last one allowed if it is below 0
 * @param java home of the JVM for tcp-echo and the JVM servers
 * @param options for those JVMs, separated by blanks
 * @param only names of servers, separated by commas; blank = all
 * @param resume whether what an interrupted run has measured is kept
 */
record Settings(
        double warmup,
        double seconds,
        double churn,
        int idle,
        int starts,
        double settle,
        int core,
        Path java,
        String options,
        String only,
        boolean resume) {

    static final Path FOLDER = Path.of("target", "benchmark");
    static final Path SERVICE = Path.of("target", "quarkus-app", "quarkus-run.jar");

    static Settings fromSystem() {
        return from(System::getProperty);
    }

    static Settings from(Function<String, String> properties) {
        return new Settings(
                Double.parseDouble(value(properties, "warmup", "10")),
                Double.parseDouble(value(properties, "seconds", "4")),
                Double.parseDouble(value(properties, "churn", "4")),
                Integer.parseInt(value(properties, "idle", "19000")),
                Integer.parseInt(value(properties, "starts", "5")),
                Double.parseDouble(value(properties, "settle", "2")),
                Integer.parseInt(value(properties, "core", "-1")),
                Path.of(value(properties, "java", System.getProperty("java.home"))),
                value(properties, "options", ""),
                value(properties, "only", ""),
                Boolean.parseBoolean(value(properties, "resume", "false")));
    }

    /** Maven passes every property, those that nobody set as blanks. */
    private static String value(Function<String, String> properties, String name, String otherwise) {
        String value = properties.apply("bench." + name);
        return value == null || value.isBlank() ? otherwise : value.strip();
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("warmupSeconds", warmup)
                .put("seconds", seconds)
                .put("churnSeconds", churn)
                .put("idleConnections", idle)
                .put("starts", starts)
                .put("settleSeconds", settle)
                .put("javaOptions", options);
    }
}
