package dev.tcpecho.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** What was measured, as lines of a file, so that an interrupted run need not begin again. */
final class Journal {
    private final Path file;

    private Journal(Path file) {
        this.file = file;
    }

    /** @param resume whether what stands in the file is kept */
    static Journal in(Path folder, boolean resume) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("measurements.jsonl");
        if (!resume) {
            Files.deleteIfExists(file);
        }
        return new Journal(file);
    }

    void add(Work work, String server, Measurement measurement) throws IOException {
        JsonObject line = new JsonObject()
                .put("work", work.name())
                .put("server", server)
                .put("figures", measurement.json());
        Files.writeString(file, line.encode() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    Optional<Measurement> find(Work work, String server) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Files.readAllLines(file).stream()
                .map(JsonObject::new)
                .filter(line -> line.getString("work").equals(work.name()))
                .filter(line -> line.getString("server").equals(server))
                .map(line -> new Measurement(line.getJsonObject("figures")))
                .findFirst();
    }
}
