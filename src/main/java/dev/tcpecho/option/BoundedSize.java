package dev.tcpecho.option;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import java.math.BigInteger;
import java.util.Locale;
import org.eclipse.microprofile.config.spi.Converter;

/** A size in bytes, from a least to a most. */
abstract class BoundedSize implements Converter<MemorySize> {
    private static final long serialVersionUID = 1L;
    private final long least;
    private final long most;

    BoundedSize(long least, long most) {
        this.least = least;
        this.most = most;
    }

    @Override
    public MemorySize convert(String value) {
        try {
            MemorySize size = new MemorySizeConverter().convert(value.strip().toUpperCase(Locale.ROOT));
            if (size == null
                    || size.asBigInteger().compareTo(BigInteger.valueOf(least)) >= 0
                            && size.asBigInteger().compareTo(BigInteger.valueOf(most)) <= 0) {
                return size;
            }
        } catch (IllegalArgumentException e) {
            // Said below, with the bounds: what is no size is out of bounds as well.
        }
        throw new IllegalArgumentException(
                "must be from " + least + " to " + most + " bytes, such as 65536 or 64K, not " + value);
    }
}
