package dev.tcpecho.check;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers and durations as a person types them, within what the check can use. */
final class Numbers {
    /** In ASCII digits, as durations: Java would take any script's. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,18}");

    private static final Pattern DURATION = Pattern.compile("(?<amount>\\d{1,9})(?<unit>ms|s|m|h|d)");

    private Numbers() {}

    /** @param name what of the argument the message is about; may be empty */
    static int within(String name, String text, int least, int most) throws UsageError {
        String range = name + " must be a number from " + least + " to " + most + ", not " + text;
        long value = NUMBER.matcher(text).matches() ? Long.parseLong(text) : Long.MIN_VALUE;
        if (value < least || value > most) {
            throw new UsageError(range);
        }
        return (int) value;
    }

    /** As configuration keys take it, in either case: 500ms, 5S, 1m. */
    static Duration duration(String text) throws UsageError {
        Matcher parts = DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (!parts.matches() || Long.parseLong(parts.group("amount")) == 0) {
            throw new UsageError(" takes 500ms, 5s or 1m, not " + text);
        }
        long amount = Long.parseLong(parts.group("amount"));
        Duration duration =
                switch (parts.group("unit")) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                };
        if (duration.compareTo(Deadline.LONGEST) > 0) {
            throw new UsageError(" takes at most " + Deadline.LONGEST.toDays() + " days, not " + text);
        }
        return duration;
    }
}
