package dev.tcpecho.option;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * Converters that refuse what no kernel could do, so that every impossible value is listed with its key before anything
 * is bound. A bound is one line here.
 */
public final class Bounds {
    private static final Duration YEAR = Duration.ofDays(365);

    private Bounds() {}

    /** 0 (any free port) to 65535. */
    public static final class Port extends WholeNumber {
        public Port() {
            super(0, 65535);
        }
    }

    /** A number of something that must exist: 1 and up. */
    public static final class Count extends WholeNumber {
        public Count() {
            super(1, Integer.MAX_VALUE);
        }
    }

    /** Listening sockets that share an address: 1 to 128. */
    public static final class Shards extends WholeNumber {
        public Shards() {
            super(1, 128);
        }
    }

    /** A byte of flags: 0 to 255. */
    public static final class Octet extends WholeNumber {
        public Octet() {
            super(0, 255);
        }
    }

    /** IP_TTL and IPV6_UNICAST_HOPS: 1 to 255. */
    public static final class Hops extends WholeNumber {
        public Hops() {
            super(1, 255);
        }
    }

    /** SO_MARK: 0 (no mark) and up. */
    public static final class Mark extends WholeNumber {
        public Mark() {
            super(0, Integer.MAX_VALUE);
        }
    }

    /** TCP_KEEPCNT: 1 to 127 (MAX_TCP_KEEPCNT in the kernel's tcp.h). */
    public static final class Probes extends WholeNumber {
        public Probes() {
            super(1, 127);
        }
    }

    /** TCP_MAXSEG: 88 (TCP_MIN_MSS) to 32767 (MAX_TCP_WINDOW) bytes. */
    public static final class SegmentSize extends WholeNumber {
        public SegmentSize() {
            super(88, 32767);
        }
    }

    /** TCP_FASTOPEN: the queue's length; {@code true} stands for 256 and {@code false} for 0. */
    public static final class FastOpenQueue extends WholeNumber {
        public FastOpenQueue() {
            super(0, Integer.MAX_VALUE);
        }

        @Override
        public Integer convert(String value) {
            return switch (value.trim()) {
                case "true" -> 256;
                case "false" -> 0;
                default -> super.convert(value);
            };
        }
    }

    /** The most that one {@code once} read may take: 1 byte to 16 MiB. */
    public static final class ReadLimit extends WholeNumber {
        public ReadLimit() {
            super(1, 16 << 20);
        }
    }

    /** A time-out that can be turned off: 0 (never) to a year. */
    public static final class TimeoutOrNever extends Time {
        public TimeoutOrNever() {
            super(Duration.ZERO, YEAR);
        }
    }

    /** A time-out that cannot be turned off: a millisecond to a year. */
    public static final class Timeout extends Time {
        public Timeout() {
            super(Duration.ofMillis(1), YEAR);
        }
    }

    /** TCP_KEEPIDLE and TCP_KEEPINTVL: 1 to 32767 seconds (MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL). */
    public static final class KeepAliveTime extends Time {
        public KeepAliveTime() {
            super(Duration.ofSeconds(1), Duration.ofSeconds(32767));
        }
    }

    /** SO_LINGER: 0 (reset at once) to 65535 seconds. */
    public static final class LingerTime extends Time {
        public LingerTime() {
            super(Duration.ZERO, Duration.ofSeconds(65535));
        }
    }

    /** A socket buffer: 1 byte to half of a signed int, since the kernel doubles what it is given. */
    public static final class BufferSize implements Converter<MemorySize> {
        private static final long serialVersionUID = 1L;
        private static final long MAX = Integer.MAX_VALUE / 2;

        @Override
        public MemorySize convert(String value) {
            MemorySize size = new MemorySizeConverter().convert(value);
            if (size == null) {
                return null;
            }
            if (size.asBigInteger().bitLength() > 31 || size.asLongValue() < 1 || size.asLongValue() > MAX) {
                throw new IllegalArgumentException("must be from 1 to " + MAX + " bytes, not " + value);
            }
            return size;
        }
    }

    private abstract static class WholeNumber implements Converter<Integer> {
        private static final long serialVersionUID = 1L;
        private final int least;
        private final int most;

        WholeNumber(int least, int most) {
            this.least = least;
            this.most = most;
        }

        @Override
        public Integer convert(String value) {
            String digits = value.trim();
            if (digits.isEmpty()) {
                return null;
            }
            try {
                int number = Integer.parseInt(digits);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Said below, with the bounds: too large for an int is out of bounds as well.
            }
            throw new IllegalArgumentException(
                    "must be a whole number from " + least + " to " + most + ", not " + value);
        }
    }

    private abstract static class Time implements Converter<Duration> {
        private static final long serialVersionUID = 1L;
        private final Duration least;
        private final Duration most;

        Time(Duration least, Duration most) {
            this.least = least;
            this.most = most;
        }

        @Override
        public Duration convert(String value) {
            Duration time = DurationConverter.parseDuration(value);
            if (time != null && (time.compareTo(least) < 0 || time.compareTo(most) > 0)) {
                throw new IllegalArgumentException("must be from " + least + " to " + most + ", not " + value);
            }
            return time;
        }
    }
}
