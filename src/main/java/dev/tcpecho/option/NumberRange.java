package dev.tcpecho.option;

import io.quarkus.runtime.configuration.MemorySize;
import java.util.Comparator;
import org.eclipse.microprofile.config.spi.Converter;

/** A count or a size, or one anywhere between two: {@code 7}, {@code 1..7} or {@code 1K..64K}. */
public record NumberRange(long least, long most) {
    /** Each end 1 to 1073741823, as a number or with the suffix of a size. */
    public static final class Reader implements Converter<NumberRange> {
        private static final long serialVersionUID = 1L;

        @Override
        public NumberRange convert(String value) {
            return Ends.of(
                    value,
                    new Bounds.BufferSize(),
                    Comparator.comparingLong(MemorySize::asLongValue),
                    (least, most) -> new NumberRange(least.asLongValue(), most.asLongValue()));
        }
    }
}
