package dev.tcpecho.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class RatioTableTest {
    private static final List<String> ALL =
            List.of("C", "tcp-echo", "Vert.x", "Netty", "Go", "uvloop", "uv-prot", "asyncio", "socat");

    private final Results results = new Results(ALL);
    private final Map<String, JsonObject> measured = new HashMap<>();

    @Test
    void showsTheFloorInItsUnitAndOthersAsRatios() {
        measured(Work.STREAM, "C", "cpuMicrosPerEcho", 4.0);
        measured(Work.STREAM, "tcp-echo", "cpuMicrosPerEcho", 4.4);
        assertThat(line("stream 64 x 1 KiB")).contains("4.00 us", "1.10x").doesNotContain("!");
    }

    @Test
    void showsMemoryAsItIs() {
        measured(Work.START, "C", "rssMegabytes", 1.0);
        measured(Work.START, "tcp-echo", "rssMegabytes", 104.6);
        assertThat(line("RSS after start")).contains("1.00 MB", " 105").doesNotContain("x ");
    }

    @Test
    void withoutTheFloorShowsFiguresInTheirUnit() {
        measured(Work.STREAM, "tcp-echo", "cpuMicrosPerEcho", 4.4);
        assertThat(line("stream 64 x 1 KiB")).contains(" us ", "4.40").doesNotContain("4.40x");
    }

    @Test
    void leavesAGapWhereNothingWasMeasured() {
        assertThat(line("bulk 4 x 1 MiB")).endsWith("-");
        assertThat(results.clean("tcp-echo")).isTrue();
    }

    @Test
    void marksErrorsAndNamesThem() {
        results.add(
                Work.BULK,
                "Go",
                new Measurement(new JsonObject("{\"errors\":0,\"mismatches\":3,\"cpuMicrosPerEcho\":9}")));
        assertThat(line("bulk 4 x 1 MiB")).contains("9.00!");
        assertThat(results.notes()).containsExactly("Go, BULK: 0 errors, 3 reads with wrong bytes");
        assertThat(results.clean("Go")).isFalse();
    }

    @Test
    void comparesOneShotsWithTheFloorThatKeepsThePromise() {
        Results kept = new Results(List.of("C", Contender.KEPT, "tcp-echo"));
        kept.add(Work.ONE_SHOT, "C", new Measurement(new JsonObject().put("cpuMicrosPerEcho", 20.0)));
        kept.add(Work.ONE_SHOT, Contender.KEPT, new Measurement(new JsonObject().put("cpuMicrosPerEcho", 25.0)));
        kept.add(Work.ONE_SHOT, "tcp-echo", new Measurement(new JsonObject().put("cpuMicrosPerEcho", 30.0)));
        assertThat(kept.ratio(Row.ONE_SHOT, "tcp-echo")).isEqualTo(1.5);
        assertThat(kept.ratio(Row.ONE_SHOT_KEPT, "tcp-echo")).isEqualTo(1.2);
    }

    @Test
    void fitsAHundredColumnsWithEveryServer() {
        fill();
        assertThat(new RatioTable(results).render().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void measurementSurvivesItsLine() {
        Measurement measurement = new Measurement(new JsonObject().put("p999Micros", 12.5));
        assertThat(Measurement.parse(measurement.line())).isEqualTo(measurement);
        assertThat(measurement.figure("cpuMicrosPerEcho")).isNaN();
    }

    @Test
    void chartIsWellFormed() throws Exception {
        fill();
        String svg = new Chart(results).render();
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(svg)))
                        .getElementsByTagName("rect")
                        .getLength())
                .isEqualTo(1 + Stream.of(Row.values()).filter(row -> row.ratio && row.floor.equals(Contender.FLOOR)).count() * (ALL.size() - 1));
    }

    private void fill() {
        for (Row row : Row.values()) {
            ALL.forEach(server -> measured(row.work, server, row.figure, server.equals("C") ? 12_345.6 : 123_456));
        }
    }

    private void measured(Work work, String server, String figure, double value) {
        JsonObject figures = measured.computeIfAbsent(work + server, unseen -> new JsonObject());
        results.add(work, server, new Measurement(figures.put(figure, value)));
    }

    private String line(String title) {
        return new RatioTable(results)
                .render()
                .lines()
                .filter(line -> line.startsWith(title))
                .findFirst()
                .orElseThrow();
    }
}
