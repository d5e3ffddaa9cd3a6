package dev.tcpecho.management;

import dev.tcpecho.option.OptionValue;
import dev.tcpecho.option.Unit;
import java.util.Locale;

/** Lines for a terminal of {@value #WIDTH} columns: what is longer goes on, indented, on the next. */
final class Text {
    static final int WIDTH = 100;
    private static final int HANGING = 2;

    private final StringBuilder lines = new StringBuilder();

    void line(int indent, String text) {
        String rest = text;
        int margin = indent;
        while (rest.length() > WIDTH - margin) {
            int space = rest.lastIndexOf(' ', WIDTH - margin);
            int end = space > 0 ? space : WIDTH - margin;
            append(margin, rest.substring(0, end));
            rest = rest.substring(end).stripLeading();
            margin = indent + HANGING;
        }
        append(margin, rest);
    }

    private void append(int margin, String text) {
        lines.append((" ".repeat(margin) + text).stripTrailing()).append('\n');
    }

    @Override
    public String toString() {
        return lines.toString();
    }

    /** Such as {@code 128 KiB (131072)}, {@code 7200 s} or {@code cubic}; a dash for what is not known. */
    static String value(OptionValue value, Unit unit) {
        if (value == null) {
            return "-";
        }
        return switch (unit) {
            case BYTES -> bytes(value.asNumber().orElseThrow());
            case SECONDS -> value + " s";
            case MILLISECONDS -> value + " ms";
            case MICROSECONDS -> value + " us";
            default -> value.toString();
        };
    }

    static String bytes(long bytes) {
        if (Math.abs(bytes) < 1 << 10) {
            return bytes + " B";
        }
        boolean mebi = bytes >= 1 << 20;
        double size = bytes / (double) (mebi ? 1 << 20 : 1 << 10);
        return String.format(Locale.ROOT, size == Math.rint(size) ? "%.0f" : "%.1f", size)
                + (mebi ? " MiB (" : " KiB (") + bytes + ")";
    }
}
