package dev.tcpecho.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptedTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "TEXT/Plain",
                "text/*",
                "text/plain, application/json;q=0.9",
                "application/json;q=0.1, text/plain;Q=0.2",
                "application/json;q=0, */*",
                "text/plain, */*",
                "text/plain, application/json",
                "text/plain;charset=\"utf-8, application/json\"",
                "text/plain;a=\""
            })
    void givesText(String accept) {
        assertThat(new Accepted(List.of(accept)).prefersText()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "application/json",
                "text/plain;q=0",
                "text/plain;q=0, */*;q=0.1",
                "application/json, text/plain, */*",
                "text/plain;q=0.5, application/json",
                "text/plain;q=2",
                "text/plain;q=x, */*",
                "text/html",
                "image/png",
                "text",
                "/plain",
                "\";,\"",
                ",,,;;;==="
            })
    void givesJson(String accept) {
        assertThat(new Accepted(List.of(accept)).prefersText()).isFalse();
    }

    @Test
    void readsAllLinesAsOneList() {
        assertThat(new Accepted(List.of("application/json;q=0.5", "text/plain")).prefersText())
                .isTrue();
        assertThat(new Accepted(List.of("text/plain;q=0.5", "application/json")).prefersText())
                .isFalse();
        assertThat(new Accepted(List.of()).prefersText()).isFalse();
    }

    @Test
    void namesWhatIsNotMerelyCoveredByAWildcard() {
        assertThat(new Accepted(List.of("*/*")).names("text", "plain")).isFalse();
        assertThat(new Accepted(List.of("text/plain;q=0")).names("text", "plain"))
                .isFalse();
        assertThat(new Accepted(List.of("application/openmetrics-text;version=1.0.0,text/plain;q=0.1"))
                        .names("text", "plain"))
                .isTrue();
    }
}
