package dev.tcpecho.option;

import java.util.Comparator;
import java.util.function.BiFunction;
import org.eclipse.microprofile.config.spi.Converter;

/** The two ends of a range that is written as {@code least..most}; one alone is both. */
final class Ends {
    private static final String BETWEEN = "..";

    private Ends() {}

    static <T, R> R of(String value, Converter<T> end, Comparator<T> order, BiFunction<T, T, R> range) {
        if (value.isBlank()) {
            return null;
        }
        int between = value.indexOf(BETWEEN);
        String first = between < 0 ? value : value.substring(0, between);
        String second = between < 0 ? value : value.substring(between + BETWEEN.length());
        T least = end.convert(first);
        T most = end.convert(second);
        if (least == null || most == null || order.compare(least, most) > 0) {
            throw new IllegalArgumentException(
                    "must be a single value or least" + BETWEEN + "most, the lesser first, not " + value);
        }
        return range.apply(least, most);
    }
}
