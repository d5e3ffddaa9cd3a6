package dev.tcpecho.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    private final Latencies latencies = new Latencies();

    @Test
    void smallValuesAreExact() {
        for (int nanos = 1; nanos <= 100; nanos++) {
            latencies.record(nanos);
        }
        assertThat(latencies.percentile(0.5)).isEqualTo(50);
        assertThat(latencies.percentile(0.99)).isEqualTo(99);
        assertThat(latencies.percentile(0.999)).isEqualTo(100);
    }

    @Test
    void largeValuesAreOffByLessThanTwoPercent() {
        for (int micros = 1; micros <= 100_000; micros++) {
            latencies.record(micros * 1_000L);
        }
        Percentage bucket = Percentage.withPercentage(1.6);
        assertThat(latencies.percentile(0.5)).isCloseTo(50_000_000L, bucket);
        assertThat(latencies.percentile(0.999)).isCloseTo(99_900_000L, bucket);
    }

    @Test
    void oneInAThousandShowsOnlyAtTheTail() {
        for (int i = 0; i < 998; i++) {
            latencies.record(10);
        }
        latencies.record(1_000_000);
        latencies.record(1_000_000);
        assertThat(latencies.percentile(0.99)).isEqualTo(10);
        assertThat(latencies.percentile(0.999)).isCloseTo(1_000_000, within(16_000L));
    }

    @Test
    void holdsTheLongestAndForgetsWhenCleared() {
        latencies.record(Long.MAX_VALUE);
        latencies.record(-1);
        assertThat(latencies.percentile(1)).isEqualTo(Long.MAX_VALUE);
        latencies.clear();
        assertThat(latencies.percentile(0.5)).isZero();
    }
}
