package dev.tcpecho.option;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** A time with a least and a most, both of which it may be, in whole units: milliseconds or seconds. */
abstract class BoundedTime implements Converter<Duration> {
    private static final long serialVersionUID = 1L;
    private final Duration least;
    private final Duration most;
    private final Duration unit;

    BoundedTime(Duration least, Duration most, Duration unit) {
        this.least = least;
        this.most = most;
        this.unit = unit;
    }

    @Override
    public Duration convert(String value) {
        if (value.isBlank()) {
            return null;
        }
        Duration time = parsed(value);
        if (time == null || time.compareTo(least) < 0 || time.compareTo(most) > 0) {
            throw new IllegalArgumentException("must be from " + written(least) + " to " + written(most) + ", not "
                    + value + "; a time is written as 500MS, 30S, 5M, 1H, 1D, or as plain seconds");
        }
        if (time.toNanos() % unit.toNanos() != 0) {
            throw new IllegalArgumentException(
                    "must be in whole " + (unit.toSeconds() > 0 ? "seconds" : "milliseconds") + ", not " + value);
        }
        return time;
    }

    /** Null for what is no time, and for one that is too long to count. */
    private static Duration parsed(String value) {
        try {
            return DurationConverter.parseDuration(value.strip());
        } catch (IllegalArgumentException | ArithmeticException e) {
            return null;
        }
    }

    /** As a key takes it. */
    private static String written(Duration time) {
        if (time.getNano() != 0) {
            return time.toMillis() + "MS";
        }
        return time.toSeconds() > 0 && time.toSeconds() % 86400 == 0 ? time.toDays() + "D" : time.toSeconds() + "S";
    }
}
