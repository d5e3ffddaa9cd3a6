package dev.tcpecho.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {
    private static final String LOCAL = "10.1.2.3";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:8080",
                "localhost.",
                "a.localhost",
                "127.0.0.1",
                "127.9.9.9:1",
                "[::1]",
                "[::1]:80",
                "[0:0:0:0:0:0:0:1]"
            })
    void onLoopbackAnswersToItsNames(String host) {
        assertThat(answers(new Hosts("127.0.0.1", Optional.empty()), host)).isTrue();
        assertThat(answers(new Hosts("localhost", Optional.empty()), host)).isTrue();
        assertThat(answers(new Hosts("::1", Optional.empty()), host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "notlocalhost",
                "10.1.2.3",
                "[::2]",
                "2130706433"
            })
    void onLoopbackAnswersToNobodyElse(String host) {
        assertThat(answers(new Hosts("127.0.0.1", Optional.empty()), host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":80", "a b", "a/b", "a@b", "[::1", "::1", "höst", "a:b", "a:123456", "[]", "a,b"})
    void refusesWhatIsNoHost(String host) {
        assertThat(Hosts.name(host)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo.example", "ECHO.example.:8080", "10.1.2.3:8080", "[fd00::1]"})
    void elsewhereAnswersToTheHostsGivenAndToItsOwnAddress(String host) {
        Hosts hosts = new Hosts("0.0.0.0", Optional.of(List.of("echo.example", " FD00:0::1 ")));
        assertThat(answers(hosts, host)).isTrue();
        assertThat(answers(hosts, "evil.example")).isFalse();
        assertThat(answers(hosts, "localhost")).isFalse();
        assertThat(answers(new Hosts("0.0.0.0", Optional.empty()), "anything.example"))
                .isTrue();
    }

    private static boolean answers(Hosts hosts, String header) {
        return hosts.answersTo(Hosts.name(header).orElseThrow(), LOCAL);
    }
}
