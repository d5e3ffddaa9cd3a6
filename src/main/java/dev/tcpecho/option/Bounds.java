package dev.tcpecho.option;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * Converters that refuse what no kernel could do, so that every impossible value is listed with its key before anything
 * is bound. A bound is one line here.
 */
public final class Bounds {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private Bounds() {}

    /** On or off, by the words that people use for it, in any case; every other word is refused. */
    public static final class Flag implements Converter<Boolean> {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean convert(String value) {
            if (value.isBlank()) {
                return null;
            }
            return of(value)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "must be true or false (or yes or no, on or off, 1 or 0), not " + value));
        }

        static Optional<Boolean> of(String value) {
            return switch (value.strip().toLowerCase(Locale.ROOT)) {
                case "true", "yes", "on", "1" -> Optional.of(true);
                case "false", "no", "off", "0" -> Optional.of(false);
                default -> Optional.empty();
            };
        }
    }

    /** 0 (any free port) to 65535. */
    public static final class Port extends WholeNumber {
        public Port() {
            super(0, 65535);
        }

        @Override
        public Integer convert(String value) {
            if (value.strip().matches("(tcp|udp|sctp)://.*")) {
                throw new IllegalArgumentException("must be a whole number from 0 to 65535, not " + value.strip()
                        + ", which Kubernetes puts into the environment of every pod for a Service of that name."
                        + " Set enableServiceLinks: false in the pod's spec, or give the port where it takes"
                        + " precedence over the environment: as a system property (-D)");
            }
            return super.convert(value);
        }
    }

    /** A number of something that must exist: 1 and up. */
    public static final class Count extends WholeNumber {
        public Count() {
            super(1, Integer.MAX_VALUE);
        }
    }

    /** A number of something that there need not be: 0 and up. */
    public static final class CountOrNone extends WholeNumber {
        public CountOrNone() {
            super(0, Integer.MAX_VALUE);
        }
    }

    /** What is remembered, for each event loop: 0 to 100000. */
    public static final class Remembered extends WholeNumber {
        public Remembered() {
            super(0, 100_000);
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

    /** TCP_FASTOPEN: the queue's length; a word for on stands for 256 and one for off for 0. */
    public static final class FastOpenQueue extends WholeNumber {
        private static final int ON = 256;

        public FastOpenQueue() {
            super(0, Integer.MAX_VALUE);
        }

        @Override
        public Integer convert(String value) {
            Optional<Boolean> word =
                    value.isBlank() || Character.isDigit(value.strip().charAt(0)) ? Optional.empty() : Flag.of(value);
            return word.isPresent() ? (Integer) (word.get() ? ON : 0) : super.convert(value);
        }
    }

    /** The most that one {@code once} read may take: 1 byte to 16 MiB. */
    public static final class ReadLimit extends WholeNumber {
        public ReadLimit() {
            super(1, 16 << 20);
        }
    }

    /** A time-out of ours that can be turned off: 0 (never) to a year, in whole milliseconds. */
    public static final class TimeoutOrNever extends Time {
        public TimeoutOrNever() {
            super(Duration.ZERO, YEAR, MILLISECOND);
        }
    }

    /** A time-out of ours that cannot be turned off: a millisecond to a year, in whole milliseconds. */
    public static final class Timeout extends Time {
        public Timeout() {
            super(MILLISECOND, YEAR, MILLISECOND);
        }
    }

    /** TCP_USER_TIMEOUT: 0 (the kernel's own rule) to the largest int of milliseconds, 24 days and 20 hours. */
    public static final class UserTimeout extends Time {
        public UserTimeout() {
            super(Duration.ZERO, Duration.ofMillis(Integer.MAX_VALUE), MILLISECOND);
        }
    }

    /** TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_LINGER2: 1 to 32767 whole seconds (MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL). */
    public static final class KeepAliveTime extends Time {
        public KeepAliveTime() {
            super(SECOND, Duration.ofSeconds(32767), SECOND);
        }
    }

    /** SO_LINGER and TCP_DEFER_ACCEPT: 0 (reset at once; off) to 65535 whole seconds, which the JDK takes as well. */
    public static final class LingerTime extends Time {
        public LingerTime() {
            super(Duration.ZERO, Duration.ofSeconds(65535), SECOND);
        }
    }

    /** TCP_CONGESTION: a name of up to 15 characters (TCP_CA_NAME_MAX counts the NUL). */
    public static final class CongestionName implements Converter<String> {
        private static final long serialVersionUID = 1L;

        @Override
        public String convert(String value) {
            String name = value.strip();
            if (!name.matches("[\\x21-\\x7e]{0,15}")) {
                throw new IllegalArgumentException(
                        "must be a name of at most 15 letters, digits and signs, not " + value);
            }
            return name.isEmpty() ? null : name;
        }
    }

    /** A socket buffer: 1 byte to half of a signed int, since the kernel doubles what it is given. */
    public static final class BufferSize implements Converter<MemorySize> {
        private static final long serialVersionUID = 1L;
        private static final long MAX = Integer.MAX_VALUE / 2;

        @Override
        public MemorySize convert(String value) {
            try {
                MemorySize size =
                        new MemorySizeConverter().convert(value.strip().toUpperCase(Locale.ROOT));
                if (size == null
                        || size.asBigInteger().signum() > 0
                                && size.asBigInteger().compareTo(BigInteger.valueOf(MAX)) <= 0) {
                    return size;
                }
            } catch (IllegalArgumentException e) {
                // Said below, with the bounds: what is no size is out of bounds as well.
            }
            throw new IllegalArgumentException(
                    "must be from 1 to " + MAX + " bytes, such as 65536 or 64K, not " + value);
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
        private final Duration unit;

        Time(Duration least, Duration most, Duration unit) {
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
            if (!unit.multipliedBy(time.dividedBy(unit)).equals(time)) {
                throw new IllegalArgumentException(
                        "must be in whole " + (unit.equals(SECOND) ? "seconds" : "milliseconds") + ", not " + value);
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
}
