package dev.tcpecho.option;

import java.time.Duration;
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
            return FlagWord.of(value)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "must be true or false (or yes or no, on or off, 1 or 0), not " + value));
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
                    value.isBlank() || Character.isDigit(value.strip().charAt(0))
                            ? Optional.empty()
                            : FlagWord.of(value);
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
    public static final class TimeoutOrNever extends BoundedTime {
        public TimeoutOrNever() {
            super(Duration.ZERO, YEAR, MILLISECOND);
        }
    }

    /** A time-out of ours that cannot be turned off: a millisecond to a year, in whole milliseconds. */
    public static final class Timeout extends BoundedTime {
        public Timeout() {
            super(MILLISECOND, YEAR, MILLISECOND);
        }
    }

    /** TCP_USER_TIMEOUT: 0 (the kernel's own rule) to the largest int of milliseconds, 24 days and 20 hours. */
    public static final class UserTimeout extends BoundedTime {
        public UserTimeout() {
            super(Duration.ZERO, Duration.ofMillis(Integer.MAX_VALUE), MILLISECOND);
        }
    }

    /** TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_LINGER2: 1 to 32767 whole seconds (MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL). */
    public static final class KeepAliveTime extends BoundedTime {
        public KeepAliveTime() {
            super(SECOND, Duration.ofSeconds(32767), SECOND);
        }
    }

    /** SO_LINGER and TCP_DEFER_ACCEPT: 0 (reset at once; off) to 65535 whole seconds, which the JDK takes as well. */
    public static final class LingerTime extends BoundedTime {
        public LingerTime() {
            super(Duration.ZERO, Duration.ofSeconds(65535), SECOND);
        }
    }

    /** TCP_CONGESTION: a name of up to 15 characters (TCP_CA_NAME_MAX counts the NUL). */
    public static final class CongestionName extends KernelName {
        public CongestionName() {
            super(15);
        }
    }

    /** A socket buffer: 1 byte to half of a signed int, since the kernel doubles what it is given. */
    public static final class BufferSize extends BoundedSize {
        public BufferSize() {
            super(1, Integer.MAX_VALUE / 2);
        }
    }

    /** Bytes of a connection's life, such as 1000 or 64K: 0 to a tebibyte. */
    public static final class ByteCount extends BoundedSize {
        public ByteCount() {
            super(0, 1L << 40);
        }
    }

    /** Where random choices start: any whole number that is not negative. */
    public static final class Seed extends WholeNumber {
        public Seed() {
            super(0, Integer.MAX_VALUE);
        }
    }

    /** A share that is not nothing: above 0 to 1. */
    public static final class Probability extends Share {}
}
