package dev.tcpecho.management;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client accepts, from all its Accept lines (RFC 9110, 12.5.1). What cannot be read of them is as if it were not
 * there.
 */
final class Accepted {
    private record Range(String type, String subtype, double quality, int place) {
        int precision() {
            return type.equals("*") ? 0 : subtype.equals("*") ? 1 : 2;
        }

        boolean covers(String type, String subtype) {
            return (this.type.equals("*") || this.type.equals(type))
                    && (this.subtype.equals("*") || this.subtype.equals(subtype));
        }
    }

    private final List<Range> ranges = new ArrayList<>();

    Accepted(List<String> lines) {
        for (String line : lines) {
            for (String element : unquoted(line).split(",")) {
                add(element);
            }
        }
    }

    /** Whether nothing at all was said that can be read. */
    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Whether the client names it, not by a wildcard, and does not exclude it. */
    boolean names(String type, String subtype) {
        return best(type, subtype)
                .filter(range -> range.precision() == 2 && range.quality() > 0)
                .isPresent();
    }

    /** Whether text/plain is wanted rather than application/json: who wants neither gets JSON as well. */
    boolean prefersText() {
        Optional<Range> text = best("text", "plain").filter(range -> range.quality() > 0);
        Optional<Range> json = best("application", "json").filter(range -> range.quality() > 0);
        if (text.isEmpty() || json.isEmpty()) {
            return text.isPresent();
        }
        if (text.get().quality() != json.get().quality()) {
            return text.get().quality() > json.get().quality();
        }
        if (text.get().precision() != json.get().precision()) {
            return text.get().precision() > json.get().precision();
        }
        return text.get().place() < json.get().place();
    }

    /** The most precise range that covers it: a name before a wildcard, whatever their qualities. */
    private Optional<Range> best(String type, String subtype) {
        return ranges.stream()
                .filter(range -> range.covers(type, subtype))
                .reduce((one, other) -> other.precision() > one.precision() ? other : one);
    }

    private void add(String element) {
        String[] parts = element.split(";", -1);
        String[] name = parts[0].strip().toLowerCase(Locale.ROOT).split("/", -1);
        if (name.length != 2 || name[0].isEmpty() || name[1].isEmpty()) {
            return;
        }
        double quality = 1;
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("q=")) {
                String value = parameter.substring(2).strip();
                if (!value.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?")) {
                    return;
                }
                quality = Double.parseDouble(value);
            }
        }
        ranges.add(new Range(name[0], name[1], quality, ranges.size()));
    }

    /** Without quoted strings, which may hold commas and semicolons, and end or not. */
    private static String unquoted(String line) {
        StringBuilder rest = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char each = line.charAt(i);
            if (quoted && each == '\\') {
                i++;
            } else if (each == '"') {
                quoted = !quoted;
            } else if (!quoted) {
                rest.append(each);
            }
        }
        return rest.toString();
    }
}
