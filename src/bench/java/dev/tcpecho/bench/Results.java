package dev.tcpecho.bench;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured, by work and server, and the ratios to the floor. */
final class Results {
    private final List<String> servers;
    private final Map<Work, Map<String, Measurement>> measurements = new EnumMap<>(Work.class);
    private final List<String> notes = new ArrayList<>();

    /** @param servers names in the order of the columns */
    Results(List<String> servers) {
        this.servers = List.copyOf(servers);
    }

    void add(Work work, String server, Measurement measurement) {
        measurements.computeIfAbsent(work, key -> new LinkedHashMap<>()).put(server, measurement);
        if (!measurement.clean()) {
            JsonObject figures = measurement.json();
            note(server + ", " + work + ": " + figures.getLong("errors") + " errors, " + figures.getLong("mismatches")
                    + " reads with wrong bytes");
        }
    }

    void note(String note) {
        notes.add(note);
    }

    List<String> servers() {
        return servers;
    }

    List<String> notes() {
        return notes;
    }

    /** NaN where nothing was measured. */
    double figure(Row row, String server) {
        return figure(row.work, row.figure, server);
    }

    double figure(Work work, String figure, String server) {
        Measurement measurement = measurements.getOrDefault(work, Map.of()).get(server);
        return measurement == null ? Double.NaN : measurement.figure(figure);
    }

    /** To the floor; NaN where either is missing. */
    double ratio(Row row, String server) {
        double floor = figure(row, row.floor);
        return floor > 0 ? figure(row, server) / floor : Double.NaN;
    }

    boolean clean(Row row, String server) {
        Measurement measurement = measurements.getOrDefault(row.work, Map.of()).get(server);
        return measurement == null || measurement.clean();
    }

    /** Every work of this server, if any was measured, without an error. */
    boolean clean(String server) {
        return measurements.values().stream()
                .map(byServer -> byServer.get(server))
                .allMatch(measurement -> measurement == null || measurement.clean());
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        measurements.forEach((work, byServer) -> {
            JsonObject figures = new JsonObject();
            byServer.forEach((server, measurement) -> figures.put(server, measurement.json()));
            json.put(work.name(), figures);
        });
        return json;
    }

    JsonObject ratiosToJson() {
        JsonObject json = new JsonObject();
        for (Row row : Row.values()) {
            JsonObject ratios = new JsonObject();
            servers.stream()
                    .filter(server -> Double.isFinite(ratio(row, server)))
                    .forEach(server -> ratios.put(server, ratio(row, server)));
            json.put(row.name(), ratios);
        }
        return json;
    }
}
