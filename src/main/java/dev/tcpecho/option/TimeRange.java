package dev.tcpecho.option;

import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** A time, or one anywhere between two: {@code 200MS} or {@code 100MS..300MS}, in whole milliseconds. */
public record TimeRange(Duration least, Duration most) {
    /** Each end 0 to a year. */
    public static final class Reader implements Converter<TimeRange> {
        private static final long serialVersionUID = 1L;

        @Override
        public TimeRange convert(String value) {
            return Ends.of(value, new Bounds.TimeoutOrNever(), Duration::compareTo, TimeRange::new);
        }
    }
}
