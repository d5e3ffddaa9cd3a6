package dev.tcpecho.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Measures the packaged service next to a C floor and to the servers that are installed here. */
final class Benchmark {
    private final PrintStream out;
    private final Settings settings;
    private final Machine machine;
    private final Pinning pinning;
    private final Contenders contenders;
    private final Results results;
    private final Journal journal;

    private Benchmark(PrintStream out, Settings settings) throws IOException {
        this.out = out;
        this.settings = settings;
        machine = Machine.here(settings.java());
        pinning = Pinning.to(settings.core());
        contenders = new Contenders(settings);
        journal = Journal.in(Settings.FOLDER, settings.resume());
        results = new Results(contenders.present().stream().map(Contender::name).toList());
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        if (!Files.exists(Settings.SERVICE)) {
            out.println("There is no " + Settings.SERVICE + ": package the service first.");
            System.exit(2);
        }
        Benchmark benchmark = new Benchmark(out, Settings.fromSystem());
        benchmark.announce();
        benchmark.measure();
        benchmark.report();
        if (!benchmark.results.clean(Contender.SERVICE)) {
            System.exit(1);
        }
    }

    private void announce() {
        out.println(machine);
        out.println(pinning);
        contenders.missing().forEach(missing -> out.println("missing: " + missing));
        if (!ProcFiles.present()) {
            out.println("left out: CPU and memory, which only Linux tells in /proc");
        }
        out.println();
    }

    private void measure() throws IOException {
        Trial trial = new Trial(settings, pinning, machine);
        for (Work work : Work.values()) {
            for (Contender contender : contenders.present()) {
                if (contender.does(work)) {
                    measure(trial, contender, work);
                }
            }
        }
    }

    private void measure(Trial trial, Contender contender, Work work) throws IOException {
        try {
            Optional<Measurement> known = journal.find(work, contender.name());
            Measurement measurement = known.isPresent() ? known.get() : trial.run(contender, work);
            if (known.isEmpty()) {
                journal.add(work, contender.name(), measurement);
            }
            results.add(work, contender.name(), measurement);
            out.printf("%-9s %-8s %s%n", work, contender.name(), summary(work, contender.name()));
        } catch (NoFigure e) {
            results.note(contender.name() + ", " + work + ": " + e.getMessage());
            out.printf("%-9s %-8s no figure: %s%n", work, contender.name(), e.getMessage());
        }
    }

    private String summary(Work work, String server) {
        StringBuilder text = new StringBuilder();
        Stream.of(Row.values())
                .filter(row -> row.work == work && !Double.isNaN(results.figure(row, server)))
                .forEach(row -> text.append(row.title)
                        .append(' ')
                        .append(RatioTable.number(results.figure(row, server)))
                        .append(' ')
                        .append(row.unit)
                        .append("  "));
        return text.toString().strip();
    }

    private void report() throws IOException {
        String table = new RatioTable(results).render();
        out.println();
        out.println(table);
        out.println("C: its own figures; x: times those; the other cells in the unit of C; !: errors, see below");
        results.notes().forEach(out::println);
        JsonObject json = new JsonObject()
                .put("machine", machine.toJson())
                .put("pinning", pinning.toString())
                .put("settings", settings.toJson())
                .put("missing", new JsonArray(contenders.missing()))
                .put("notes", new JsonArray(results.notes()))
                .put("figures", results.toJson())
                .put("ratios", results.ratiosToJson());
        Files.writeString(Settings.FOLDER.resolve("benchmark.json"), json.encodePrettily() + "\n");
        Files.writeString(Settings.FOLDER.resolve("benchmark.svg"), new Chart(results).render());
        Files.writeString(Settings.FOLDER.resolve("benchmark.txt"), table);
        List<String> curves = new Curves(results).write(Settings.FOLDER);
        out.println("written: benchmark.json, benchmark.svg, benchmark.txt "
                + String.join(" ", curves) + " in " + Settings.FOLDER);
    }
}
