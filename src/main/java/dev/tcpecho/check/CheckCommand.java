package dev.tcpecho.check;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** Health, echo and report of one service, in this order, and one line for all. */
@Command(
        name = "check",
        subcommands = {FleetCommand.class, PathCommand.class, WatchCommand.class, IdleCommand.class},
        customSynopsis = {
            "check [--echo HOST:PORT [--mode once|stream] [--bytes N]] [--report URL [--strict]] [--health URL]",
            "             [--timeout 5s] [--json] [--tls ...] [--send-proxy v1|v2]"
        },
        description = "Examines an echo service from outside.%n")
final class CheckCommand extends Checking {
    private static final int MOST_BYTES = 1 << 30;

    @Option(names = "--echo", paramLabel = "HOST:PORT", description = "send bytes and compare what comes back")
    private HostAndPort echo;

    @Option(
            names = "--mode",
            paramLabel = "once|stream",
            description = "what the listener does; mode once sends 64 bytes, stream 65536")
    private Mode mode = Mode.ONCE;

    @Option(names = "--bytes", paramLabel = "N", converter = BytesConverter.class, description = "how many to send")
    private Integer bytes;

    @Option(
            names = "--report",
            paramLabel = "URL",
            description = "read /socket-options and name every option that the kernel did not give as requested")
    private Url report;

    @Option(names = "--strict", description = "fail when there is such an option")
    private boolean strict;

    @Option(names = "--health", paramLabel = "URL", description = "expect status 200 from a health endpoint")
    private Url health;

    @Option(
            names = "--timeout",
            paramLabel = "5s",
            description = "for the whole check: 500ms, 5s or 1m; refused connections are tried again until then")
    private Duration timeout = Duration.ofSeconds(5);

    private static final class BytesConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) throws UsageError {
            return Numbers.within("", text, 1, MOST_BYTES);
        }
    }

    @Override
    Finding find() throws CheckFailure {
        if (echo == null && report == null && health == null) {
            throw wrong("nothing to check: give --echo, --report or --health");
        }
        Deadline deadline = Deadline.in(timeout);
        List<String> words = new ArrayList<>();
        JsonObject json = new JsonObject();
        if (health != null) {
            add("health", HealthCheck.run(health, entrance().http(health), deadline), words, json);
        }
        if (echo != null) {
            int count = bytes == null ? mode.usualBytes() : bytes;
            add("echo", new EchoCheck(echo, mode, count, entrance().dialer(), deadline).run(), words, json);
        }
        if (report != null) {
            add("report", ReportCheck.run(report, strict, entrance().http(report), deadline), words, json);
        }
        return new Finding(true, List.of(), String.join(" ", words), json);
    }

    private static void add(String name, Seen seen, List<String> words, JsonObject json) {
        words.add(seen.words());
        json.put(name, seen.json());
    }
}
