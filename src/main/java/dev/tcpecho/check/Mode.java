package dev.tcpecho.check;

import java.util.Locale;

/** What the checked echo listener does. */
enum Mode {
    ONCE(64),
    STREAM(65536);

    private final int usualBytes;

    Mode(int usualBytes) {
        this.usualBytes = usualBytes;
    }

    int usualBytes() {
        return usualBytes;
    }

    static Mode parse(String text) throws UsageError {
        return switch (text) {
            case "once" -> ONCE;
            case "stream" -> STREAM;
            default -> throw new UsageError(" takes once or stream, not " + text);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
