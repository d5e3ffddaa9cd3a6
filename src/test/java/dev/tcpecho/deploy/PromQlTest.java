package dev.tcpecho.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromQlTest {
    @Test
    void findsMetricsAndLabelsWhereverTheyStand() {
        PromQl query = PromQl.parse(
                "sum by (instance, listener) (rate(a_total{job=~\"$job\", reason!=\"x_y\"}[$__rate_interval])) > 0.8 "
                        + "and on (pod) max(b{}) / ignoring (kind) c or sum(d)");
        assertThat(query.metrics()).containsExactly("a_total", "b", "c", "d");
        assertThat(query.labels()).containsExactly("instance", "job", "kind", "listener", "pod", "reason");
    }
}
