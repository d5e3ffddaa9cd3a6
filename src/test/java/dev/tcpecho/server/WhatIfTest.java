package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tcpecho.option.AskedSettings;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.testing.LogsAlso;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What would be, against the report of a service for which it is. */
class WhatIfTest {
    private static final List<Map<String, String>> ASKED = List.of(
            Map.of("receive-buffer-size", "512M", "accept-backlog", "100000"),
            Map.of("send-buffer-size", "64K", "tcp-keep-alive", "true", "tcp-keep-alive-idle", "60S"),
            Map.of("tcp-defer-accept", "10S", "tcp-no-delay", "false", "traffic-class", "16"),
            Map.of("tcp-fast-open", "16", "tcp-user-timeout", "30S", "so-linger", "5S"));

    @ParameterizedTest
    @EnumSource
    @LogsAlso("is (reduced|ignored|inert)")
    void theAnswerIsTheReportOfAServiceThatWasStartedSo(Transports transport) throws InterruptedException {
        for (Map<String, String> asked : ASKED) {
            String[] properties = asked.entrySet().stream()
                    .map(each -> "echo.socket." + each.getKey() + "=" + each.getValue())
                    .toArray(String[]::new);
            try (RunningEcho echo = RunningEcho.start(transport, properties)) {
                WhatIf found = echo.service().whatIf(AskedSettings.of(asked));
                assertThat(told(found.listener()))
                        .isEqualTo(told(echo.listener().sockets().get(0).options()));
                assertThat(told(found.accepted()))
                        .isEqualTo(told(echo.listener().accepted()));
            }
        }
    }

    /** But for the CPU, which is another one each time. */
    private static Map<String, String> told(List<OptionReading> readings) {
        Map<String, String> told = new LinkedHashMap<>();
        for (OptionReading each : readings) {
            if (!each.option().kernelName().equals("SO_INCOMING_CPU")) {
                told.put(each.option().kernelName(), each.requested() + " " + each.effective() + " " + each.verdict());
            }
        }
        return told;
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftBehind(Transports transport) throws InterruptedException {
        try (RunningEcho echo = RunningEcho.start(transport)) {
            WhatIf found = echo.service().whatIf(AskedSettings.of(Map.of()));
            assertThat(Summary.of(found)).isEqualTo("this machine gives what is asked");
            assertThat(echo.service().listeners()).hasSize(1);
            assertThat(echo.traffic().opened()).isZero();
        }
    }

    @Test
    void boundsAreThoseOfTheConfiguration() {
        assertThatThrownBy(() -> AskedSettings.of(Map.of("receive-buffer-size", "1T")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("receive-buffer-size must be from 1 to 1073741823 bytes");
        assertThatThrownBy(() -> AskedSettings.of(Map.of("tcp-keep-alive-idle", "1500MS")))
                .hasMessageStartingWith("tcp-keep-alive-idle must be");
        assertThat(AskedSettings.of(Map.of()).acceptBacklog()).isEqualTo(100);
        assertThat(AskedSettings.of(Map.of()).tcpLinger2()).isEmpty();
        assertThat(AskedSettings.names()).contains("accept-backlog", "tcp-linger2", "so-linger", "tcp-save-syn");
    }
}
