package dev.tcpecho.bench;

import java.util.Arrays;

/** Latencies in nanoseconds, counted in buckets that are at most 1/64 wide; recording allocates nothing. */
final class Latencies {
    private static final int PRECISION = 6;
    private static final int STEPS = 1 << PRECISION;

    private final long[] counts = new long[(Long.SIZE - PRECISION) * STEPS];
    private long total;

    void record(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        total++;
    }

    void clear() {
        Arrays.fill(counts, 0);
        total = 0;
    }

    /**
     * The upper end of the bucket in which this share of all latencies ends.
     *
     * @param share such as 0.999
     * @return nanoseconds; 0 if nothing was recorded
     */
    long percentile(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * total));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return upperEnd(i);
            }
        }
        return 0;
    }

    private static int bucket(long nanos) {
        int shift = Math.max(0, Long.SIZE - 1 - PRECISION - Long.numberOfLeadingZeros(nanos | 1));
        return (shift << PRECISION) + (int) (nanos >>> shift);
    }

    private static long upperEnd(int bucket) {
        int shift = bucket < 2 * STEPS ? 0 : (bucket >> PRECISION) - 1;
        long first = (long) (bucket - (shift << PRECISION)) << shift;
        return first + (1L << shift) - 1;
    }
}
