package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.Program;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What the client's side of the wire saw, as tcpdump has it; left out where nobody may capture. About a second each.
 */
class FaultCaptureTest {
    private static final Pattern SEGMENT = Pattern.compile("Flags \\[(?<flags>[^]]*)].* length (?<length>\\d+)");

    /** Segments from this port until one that has one of these flags: flags and length. */
    private static List<String> captured(RunningEcho echo, String lastFlag, Runnable script) throws IOException {
        assumeTrue(Program.succeeds("tcpdump", "--version"), "skipped: tcpdump is not installed");
        Process tcpdump = new ProcessBuilder(
                        "tcpdump",
                        "-i",
                        "lo",
                        "-nn",
                        "-l",
                        "--immediate-mode",
                        "tcp src port " + echo.address().getPort())
                .start();
        try (BufferedReader packets = tcpdump.inputReader(StandardCharsets.US_ASCII);
                BufferedReader diagnostics = tcpdump.errorReader(StandardCharsets.US_ASCII)) {
            String ready = diagnostics.readLine();
            while (ready != null && !ready.startsWith("listening on")) {
                ready = diagnostics.readLine();
            }
            assumeTrue(ready != null, "skipped: tcpdump may not capture here");
            script.run();
            List<String> segments = new ArrayList<>();
            for (String line = packets.readLine(); line != null; line = packets.readLine()) {
                Matcher segment = SEGMENT.matcher(line);
                if (segment.find()) {
                    segments.add(segment.group("flags") + ' ' + segment.group("length"));
                    if (segment.group("flags").contains(lastFlag)) {
                        return segments;
                    }
                }
            }
            throw new AssertionError("no " + lastFlag + " among " + segments);
        } finally {
            tcpdump.destroy();
        }
    }

    @Test
    void eachPieceIsASegmentOfItsSize() throws IOException {
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.mode=stream", "echo.fault.chunk=3..3")) {
            List<String> segments = captured(echo, "F", () -> {
                try (Peer peer = echo.connect()) {
                    peer.send("0123456789").expect("0123456789").fin().expectFin();
                }
            });
            assertThat(segments.stream().filter(each -> !each.endsWith(" 0")))
                    .containsExactly("P. 3", "P. 3", "P. 3", "P. 1");
        }
    }

    @Test
    void theResetComesBehindTheBytesAndNoFin() throws IOException {
        try (RunningEcho echo = RunningEcho.start(Transports.EPOLL, "echo.mode=stream", "echo.fault.reset-after=4")) {
            List<String> segments = captured(echo, "R", () -> {
                try (Peer peer = echo.connect()) {
                    peer.send("0123456789").expect("0123").expectReset();
                }
            });
            assertThat(segments.stream().filter(each -> !each.endsWith(" 0"))).containsExactly("P. 4");
            assertThat(segments.get(segments.size() - 1)).startsWith("R");
            assertThat(segments).noneMatch(each -> each.startsWith("F"));
        }
    }
}
