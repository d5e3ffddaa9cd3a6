package dev.tcpecho.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.PackagedEcho;
import dev.tcpecho.testing.SidePort;
import dev.tcpecho.testing.Transports;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Meters are there before the service is ready, however many listeners it has. */
class FirstScrapeIT {
    private static final int FURTHER = 40;

    @Test
    void theScrapeAtTheFirstReadyHasEveryLine() {
        String[] properties = IntStream.range(0, FURTHER)
                .mapToObj(i -> "echo.listeners.l" + i + ".port=0")
                .toArray(String[]::new);
        try (PackagedEcho echo = PackagedEcho.start(Transports.NIO, properties)) {
            SidePort sidePort = new SidePort(echo.sidePort(), Duration.ofSeconds(30));
            Set<String> first = series(sidePort);
            Set<String> second = series(sidePort);
            assertThat(first).hasSizeGreaterThan(FURTHER * 20).isEqualTo(second);
        }
    }

    /** Names and labels. */
    private static Set<String> series(SidePort sidePort) {
        return sidePort.get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("echo_"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
