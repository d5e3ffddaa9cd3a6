package dev.tcpecho.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The rows that are ratios, as bars; what is longer than the chart is cut, and its number tells. */
final class Chart {
    private static final int WIDTH = 720;
    private static final int LEFT = 150;
    private static final int RIGHT = 70;
    private static final int BAR = 15;
    private static final int GROUP = 30;
    private static final double LONGEST = 5;

    private final Results results;
    private final StringBuilder shapes = new StringBuilder();
    private int y = 40;

    Chart(Results results) {
        this.results = results;
    }

    String render() {
        Stream.of(Row.values()).filter(row -> row.ratio).forEach(this::group);
        double one = LEFT + length(1);
        shapes.append(String.format(
                Locale.ROOT,
                "<line x1='%.1f' y1='34' x2='%.1f' y2='%d' stroke='#888888' stroke-dasharray='3 3'/>%n",
                one,
                one,
                y));
        return String.format("""
                <svg xmlns='http://www.w3.org/2000/svg' width='%1$d' height='%2$d' viewBox='0 0 %1$d %2$d'
                    font-family='sans-serif' font-size='12' fill='#222222'>
                <rect width='100%%' height='100%%' fill='#ffffff'/>
                <text x='10' y='20' font-size='14'>Times the C epoll floor, less is better</text>
                %3$s</svg>
                """, WIDTH, y + 15, shapes).replace("\r\n", "\n");
    }

    private void group(Row row) {
        List<String> servers = results.servers().stream()
                .filter(server -> Double.isFinite(results.ratio(row, server)))
                .filter(server -> !server.equals(row.floor))
                .toList();
        if (servers.isEmpty()) {
            return;
        }
        shapes.append(String.format("<text x='10' y='%d' font-weight='bold'>%s</text>%n", y + 16, row.title.strip()));
        y += GROUP - 5;
        for (String server : servers) {
            bar(server, results.ratio(row, server));
        }
        y += 5;
    }

    private void bar(String server, double ratio) {
        String colour = server.equals(Contender.SERVICE) ? "#1f6fb4" : "#b9c4cd";
        double length = length(Math.min(ratio, LONGEST));
        shapes.append(String.format(
                Locale.ROOT,
                "<text x='%d' y='%d' text-anchor='end'>%s</text>"
                        + "<rect x='%d' y='%d' width='%.1f' height='%d' fill='%s'/>"
                        + "<text x='%.1f' y='%d'>%s</text>%n",
                LEFT - 6,
                y + 11,
                server,
                LEFT,
                y,
                length,
                BAR - 3,
                colour,
                LEFT + length + 5,
                y + 11,
                RatioTable.number(ratio) + (ratio > LONGEST ? " (cut)" : "")));
        y += BAR;
    }

    private static double length(double ratio) {
        return ratio / LONGEST * (WIDTH - LEFT - RIGHT);
    }
}
