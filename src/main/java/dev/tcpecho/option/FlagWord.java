package dev.tcpecho.option;

import java.util.Locale;
import java.util.Optional;

/** The words that people use for on and off, in any case. */
final class FlagWord {
    private FlagWord() {}

    /** Empty for every other word. */
    static Optional<Boolean> of(String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> Optional.of(true);
            case "false", "no", "off", "0" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
