package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.server.ConnectionLimit.Cause;
import dev.tcpecho.testing.LogLines;
import dev.tcpecho.testing.LogsAlso;
import dev.tcpecho.testing.RunningEcho;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the process cannot keep is taken from each listener in proportion, and each is told of by name. */
class ConnectionLimitsTest {
    private final Map<String, ConnectionLimit> limits = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();

    private void work(String... properties) {
        EchoConfig config = RunningEcho.config(properties);
        Map<String, ListenerConfig> configs = new LinkedHashMap<>(config.listeners());
        configs.put("default", config);
        try (LogLines log = LogLines.at(ConfiguredListeners.class.getName())) {
            ConnectionLimits all = new ConnectionLimits(configs.values(), OptionalLong.of(1000), 200 * (10 << 10));
            configs.forEach((name, each) -> limits.put(name, all.of(name, each)));
            lines.addAll(log.lines());
        }
    }

    @Test
    void asManyAsAskedAreNothingToTell() {
        work("echo.max-connections=10", "echo.listeners.bulk.port=0", "echo.listeners.bulk.max-connections=20");
        assertThat(limits)
                .containsEntry("default", new ConnectionLimit(10, 10, Cause.ASKED))
                .containsEntry("bulk", new ConnectionLimit(20, 20, Cause.ASKED));
        assertThat(lines).isEmpty();
    }

    @Test
    @LogsAlso("max-connections of \\d+ is lowered to \\d+: the descriptor limit")
    void tellsOfEachListenerWhatTheDescriptorsLeave() {
        work("echo.max-connections=10000", "echo.listeners.bulk.port=0", "echo.listeners.bulk.max-connections=5000");
        assertThat(limits)
                .containsEntry("default", new ConnectionLimit(10000, 666, Cause.DESCRIPTORS))
                .containsEntry("bulk", new ConnectionLimit(5000, 333, Cause.DESCRIPTORS));
        assertThat(lines)
                .containsExactlyInAnyOrder(
                        "listener default: max-connections of 10000 is lowered to 666: the descriptor limit of this process"
                                + " leaves room for 1000, and 15000 are asked for in all. Raise the limit (ulimit -n,"
                                + " LimitNOFILE=) or lower echo.max-connections",
                        "listener bulk: max-connections of 5000 is lowered to 333: the descriptor limit of this process"
                                + " leaves room for 1000, and 15000 are asked for in all. Raise the limit (ulimit -n,"
                                + " LimitNOFILE=) or lower echo.listeners.bulk.max-connections");
    }

    @Test
    @LogsAlso("max-connections of \\d+ is lowered to \\d+: half of the heap")
    void tellsThatTheHeapDecidesWhereItDoes() {
        work(
                "echo.max-connections=10",
                "echo.listeners.tls.port=0",
                "echo.listeners.tls.tls-configuration-name=x",
                "echo.listeners.tls.max-connections=200");
        assertThat(limits)
                .containsEntry("default", new ConnectionLimit(10, 10, Cause.ASKED))
                .containsEntry("tls", new ConnectionLimit(200, 100, Cause.HEAP));
        assertThat(lines)
                .containsExactly(
                        "listener tls: max-connections of 200 is lowered to 100: half of the heap holds 100 with TLS, and 200"
                                + " are asked for in all. Raise the heap (-Xmx) or lower echo.listeners.tls.max-connections");
    }
}
