package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A little is not nothing, and nearly all is not all. */
class PercentTest {
    @ParameterizedTest
    @CsvSource({
        "64, 100, 64.0",
        "1, 3, 33.3",
        "0, 100, 0",
        "4096, 1000000000, 0.0004",
        "1, 9223372036854775807, 0.00000000000000001",
        "4096, 4097, 99.98",
        "2147483646, 2147483647, 99.99999995",
    })
    void isNeitherNothingNorAllByRounding(long part, long whole, String percent) {
        assertThat(Summary.percent(part, whole)).isEqualTo(percent);
    }
}
