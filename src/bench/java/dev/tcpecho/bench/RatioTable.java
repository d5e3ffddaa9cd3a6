package dev.tcpecho.bench;

import java.util.List;
import java.util.Locale;

/** The results as text of at most 100 columns: ratios to the floor where the row is one, else the figures. */
final class RatioTable {
    private static final int TITLE = 19;
    private static final int FLOOR = 11;
    private static final int COLUMN = 7;

    private final Results results;
    private final List<String> servers;

    RatioTable(Results results) {
        this.results = results;
        this.servers = results.servers().stream()
                .filter(server -> !server.equals(Contender.FLOOR))
                .toList();
    }

    String render() {
        StringBuilder text = new StringBuilder();
        line(text, "", Contender.FLOOR, servers);
        for (Row row : Row.values()) {
            line(
                    text,
                    row.title,
                    floor(row),
                    servers.stream().map(server -> cell(row, server)).toList());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String title, String floor, List<String> cells) {
        StringBuilder line = new StringBuilder(String.format("%-" + TITLE + "s %" + FLOOR + "s", title, floor));
        for (String cell : cells) {
            line.append(' ').append(String.format("%" + COLUMN + "s", cell));
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    /** The floor's own figure, with the unit. */
    private String floor(Row row) {
        double figure = results.figure(row, row.floor);
        return Double.isNaN(figure) ? row.unit : number(figure) + mark(row, row.floor) + " " + row.unit;
    }

    private String cell(Row row, String server) {
        double ratio = results.ratio(row, server);
        if (row.ratio && Double.isFinite(ratio)) {
            return number(ratio) + "x" + mark(row, server);
        }
        double figure = results.figure(row, server);
        return Double.isNaN(figure) ? "-" : number(figure) + mark(row, server);
    }

    private String mark(Row row, String server) {
        return results.clean(row, server) ? "" : "!";
    }

    /** Three digits are what such a measurement is good for. */
    static String number(double value) {
        int decimals = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
