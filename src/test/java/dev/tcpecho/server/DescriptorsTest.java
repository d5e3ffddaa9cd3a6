package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptorsTest {
    @ParameterizedTest
    @CsvSource({
        // limit, used, may wait
        "1048576, 0, 1024",
        "1048576, 10000, 1024",
        "20000, 0, 1024",
        "20000, 19000, 744",
        "20000, 19700, 312",
        "1024, 0, 64",
        "1024, 700, 64",
        "1024, 760, 16",
        "120, 0, 1"
    })
    void leavesTheSidePortWhatTheEchoDoesNotUse(long limit, long used, int waiting) {
        assertThat(Descriptors.forSidePortToWait(limit, used)).isEqualTo(waiting);
    }
}
