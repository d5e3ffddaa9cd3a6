package dev.tcpecho.check;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The option of checks that last: what bounds each of their steps. */
final class Patience {
    @Option(
            names = "--timeout",
            paramLabel = "5s",
            defaultValue = "5s",
            description = "how long a connection or an echo may take; default ${DEFAULT-VALUE}")
    private Duration time;

    Duration time() {
        return time;
    }
}
