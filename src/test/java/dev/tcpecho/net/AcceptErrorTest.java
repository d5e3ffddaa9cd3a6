package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers are those of errno(3). */
class AcceptErrorTest {
    @EnabledOnOs(OS.LINUX)
    @ParameterizedTest
    @CsvSource({
        "24, PROCESS_FILES",
        "23, SYSTEM_FILES",
        "105, MEMORY",
        "12, MEMORY",
        "1, FORBIDDEN",
        "13, FORBIDDEN",
        "103, CLIENT_GONE",
        "22, OTHER",
    })
    void goesByTheNumber(int errno, AcceptError expected) {
        assumeTrue(Epoll.isAvailable(), "skipped: the natives know the numbers");
        assertThat(AcceptError.of(new NativeIoException("accept", -errno))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Too many open files", "Zu viele offene Dateien", "開いているファイルが多すぎます"})
    void readsNoWords(String words) {
        assertThat(AcceptError.of(new IOException(words))).isEqualTo(AcceptError.OTHER);
    }

    @Test
    void saysNothingWhereNothingIsKnown() {
        assertThat(AcceptError.OTHER.advice()).isEmpty();
    }
}
