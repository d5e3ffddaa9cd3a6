package dev.tcpecho.testing;

import java.util.Collection;
import java.util.Locale;

/** What some trips took, in milliseconds. */
public record Latencies(int count, double median, double p99, double worst) {
    public static Latencies ofNanos(Collection<Long> nanos) {
        double[] sorted =
                nanos.stream().mapToDouble(each -> each / 1e6).sorted().toArray();
        return sorted.length == 0
                ? new Latencies(0, 0, 0, 0)
                : new Latencies(
                        sorted.length,
                        sorted[sorted.length / 2],
                        sorted[sorted.length * 99 / 100],
                        sorted[sorted.length - 1]);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "p50 %.1f p99 %.1f worst %.0f ms of %d", median, p99, worst, count);
    }
}
