package dev.tcpecho.manual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tcpecho.testing.Program;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exercises as the manual shows them, in its order, in a network of their own: half a minute. */
class LabIT {
    private static final Path PAGE = Path.of("src/site/markdown/lab.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\n(.*?)^```$");
    private static final List<String> BEFORE = List.of("./mvnw package -DskipTests", "unshare -rn bash");

    @TempDir
    Path folder;

    @Test
    void showsWhatThePageSays() throws IOException {
        assumeTrue(Epoll.isAvailable(), "skipped: saved SYNs and shards need epoll");
        for (String tool : List.of("python3 -V", "curl -V", "ss -V", "nstat -V")) {
            assumeTrue(Program.succeeds(tool.split(" ")), "skipped: the lab needs " + tool);
        }
        assumeTrue(
                Program.succeeds("unshare", "-rn", "iptables", "-A", "INPUT", "-p", "tcp", "-j", "DROP"),
                "skipped: no network namespace of an ordinary user, or no iptables in it");
        String output = run();
        assertThat(output)
                .contains("no connection after 3 s", "accept=never")
                .containsPattern("LISTEN 3 +2 +127.0.0.1:8891")
                .containsPattern("16 KiB before connect\\(\\) +buffer +\\d+ +scale +0\n")
                .containsPattern("2 MiB too late +buffer +\\d+ +scale +0\n")
                .containsPattern("2 MiB before connect\\(\\) +buffer +\\d+ +scale +[1-9]");
        List<MatchResult> buffers = found("the echo (\\d+) at first, now (\\d+)", output);
        assertThat(number(buffers.get(0), 2)).isGreaterThan(number(buffers.get(0), 1));
        assertThat(number(buffers.get(1), 2)).isEqualTo(number(buffers.get(1), 1));
        assertThat(output)
                .containsPattern("127.0.0.1:8895 +127.0.0.1:\\d+ +timer:\\(keepalive")
                .containsPattern("kept 127.0.0.1:\\d+ -> 127.0.0.1:8895\n +\\S+ idle: ")
                .contains("no reply: ", "reply of 100 bytes, then FIN")
                .containsPattern("default 127.0.0.1:\\d+ -> 127.0.0.1:8888\n +\\S+ complete: ");
        List<MatchResult> aborts = found("TCPAbortOnClose +(\\d+)", output);
        assertThat(number(aborts.get(0), 1)).isPositive().isEqualTo(number(aborts.get(1), 1));
        assertThat(found("shard \\d on \\S+ took (\\d+)", output))
                .hasSize(4)
                .allSatisfy(shard -> assertThat(number(shard, 1)).isGreaterThan(40));
    }

    /** What all commands print; files that the page shows are there. */
    private String run() throws IOException {
        Path link = Files.createSymbolicLink(
                folder.resolve("target"), Path.of("target").toAbsolutePath());
        StringBuilder script = new StringBuilder("set -e\n");
        for (MatchResult block : found(BLOCK.pattern(), Files.readString(PAGE))) {
            String text = block.group(2);
            switch (block.group(1)) {
                case "properties" -> Files.writeString(folder.resolve("lab.properties"), text);
                case "python" -> Files.writeString(folder.resolve(text.substring(2, text.indexOf('\n'))), text);
                default ->
                    text.lines()
                            .filter(line -> line.startsWith("$ "))
                            .map(line -> line.substring(2))
                            .filter(command -> !BEFORE.contains(command))
                            // On a busy machine programs take longer to start.
                            .forEach(command -> script.append(command.replace("sleep 0.5; ", "sleep 2; "))
                                    .append('\n'));
            }
        }
        try (Program lab = Program.start(folder.toFile(), List.of("unshare", "-rn", "bash", "-c", script.toString()))) {
            assertThat(lab.awaitExit()).as(lab.output()).isZero();
            return lab.output();
        } finally {
            Files.delete(link);
        }
    }

    private static List<MatchResult> found(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().toList();
    }

    private static long number(MatchResult found, int group) {
        return Long.parseLong(found.group(group));
    }
}
