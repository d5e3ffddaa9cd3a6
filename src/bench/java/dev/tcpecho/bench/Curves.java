package dev.tcpecho.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/** How cost grows with connections, one line for each server, as SVG. */
final class Curves {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;

    private final Results results;

    Curves(Results results) {
        this.results = results;
    }

    /** The files written; none without figures. */
    List<String> write(Path folder) throws IOException {
        Stream.Builder<String> written = Stream.builder();
        List<Integer> active = Phases.active(Integer.MAX_VALUE);
        write(folder, written, "active-cpu", "Server CPU of an echo of 1 KiB, in us", active,
                (server, count) -> results.figure(Work.NATIVE, Phases.active(count) + "CpuMicros", server));
        write(folder, written, "active-p99", "p99 of an echo of 1 KiB, all connections active, in us", active,
                (server, count) -> results.figure(Work.NATIVE, Phases.active(count) + "P99", server));
        write(folder, written, "held-memory", "Resident memory that held connections add, in KB", LoadClient.HELD,
                (server, count) -> results.figure(Work.IDLE, "held" + count + "Kibibytes", server));
        return written.build().toList();
    }

    private void write(
            Path folder,
            Stream.Builder<String> written,
            String name,
            String title,
            List<Integer> counts,
            BiFunction<String, Integer, Double> figure)
            throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("connections")
                .build();
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        for (String server : results.servers()) {
            List<Integer> known = counts.stream()
                    .filter(count -> figure.apply(server, count) > 0) // which NaN is not
                    .toList();
            if (!known.isEmpty()) {
                chart.addSeries(
                        server, known, known.stream().map(count -> figure.apply(server, count)).toList());
            }
        }
        if (!chart.getSeriesMap().isEmpty()) {
            VectorGraphicsEncoder.saveVectorGraphic(
                    chart, folder.resolve(name).toString(), VectorGraphicsFormat.SVG);
            written.add(name + ".svg");
        }
    }
}
