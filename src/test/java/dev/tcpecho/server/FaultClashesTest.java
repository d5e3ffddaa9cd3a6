package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.RunningEcho;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults that make no sense together, or not in their mode, stop the start with key and reason. */
class FaultClashesTest {
    private static List<String> problems(String settings) {
        String[] properties = Stream.of(settings.split(" "))
                .map(each -> each.matches("(mode|read-limit|accept-shards|write-stall-timeout|socket\\..*)=.*")
                        ? "echo." + each
                        : "echo.fault." + each)
                .toArray(String[]::new);
        return FaultClashes.of("default", RunningEcho.config(properties));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mode=once",
                "delay=200MS rate=10K chunk=1..7 reset-after=100 probability=0.1 seed=3",
                "mode=stream delay=1S hold-open=true reset-after=5",
                "mode=stream read=never close-after=0",
                "mode=chargen read=never rate=10K close-after=5M",
                "mode=report read=never delay=1S",
                "mode=discard hold-open=true",
                "mode=discard reset-after=0 probability=0.5",
                "mode=stream rate=1",
                "accept=never",
                "read-limit=50 close-after=50",
            })
    void whatMakesSenseTogetherIsTaken(String settings) {
        assertThat(problems(settings)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accept=never delay=1S | delay | no connection",
                "accept=never read=never | read | no connection",
                "accept=never probability=0.5 | probability | no connection",
                "accept=never seed=1 | seed | no connection",
                "accept=never accept-shards=2 | accept=never | accept-shards must be 1",
                "reset-after=1 close-after=1 | close-after | ends once",
                "mode=stream hold-open=true close-after=1 | close-after | never sends our FIN",
                "hold-open=true | hold-open=true | mode once finishes before the peer",
                "mode=report hold-open=true | hold-open=true | mode report finishes",
                "mode=discard rate=1K | rate | sends nothing",
                "mode=discard reset-after=7 | reset-after=7 | sends nothing",
                "read-limit=50 reset-after=51 | reset-after=51 | at most echo.read-limit=50",
                "mode=stream read=never chunk=7 | chunk | not with echo.fault.read=never",
                "mode=stream read=never reset-after=7 | reset-after=7 | no reply",
                "mode=stream read=never hold-open=true | hold-open | FIN is never read",
                "mode=stream close-after=0 delay=1S | delay | nothing to send",
                "chunk=7 socket.tcp-no-delay=false | chunk | tcp-no-delay",
                "chunk=7 socket.tcp-cork=true | chunk | tcp-cork",
                "delay=30S | delay | write-stall-timeout",
                "delay=1S..2S write-stall-timeout=2S | delay | write-stall-timeout",
                "mode=stream rate=1 chunk=40 | rate | write-stall-timeout",
                "probability=0.5 | probability | no fault",
                "seed=5 | seed | no fault",
            })
    void whatDoesNotIsRefusedWithItsKeyAndWhy(String row) {
        String[] parts = Arrays.stream(row.split("\\|")).map(String::strip).toArray(String[]::new);
        assertThat(problems(parts[0]))
                .singleElement()
                .asString()
                .startsWith("listener default: echo.fault." + parts[1] + ": ")
                .contains(parts[2]);
    }

    @Test
    void allAreListedAtOnce() {
        assertThat(problems("reset-after=1 close-after=2 hold-open=true chunk=3 socket.tcp-no-delay=false"))
                .hasSize(4);
    }
}
