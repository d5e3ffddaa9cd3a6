package dev.tcpecho.check;

import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares what left with what arrived. */
@Command(
        name = "path",
        description = {
            "Connects to a listener of mode report and compares what left here with what arrived there; one line for",
            "each rewrite.%n"
        })
final class PathCommand extends Checking {
    @Parameters(paramLabel = "HOST:PORT", description = "a listener of mode report; with tcp-save-syn it says most")
    private HostAndPort target;

    @Option(names = "--strict", description = "fail when anything was rewritten")
    private boolean strict;

    @Option(
            names = "--timeout",
            paramLabel = "5s",
            defaultValue = "5s",
            description = "for the whole check; default ${DEFAULT-VALUE}")
    private Duration timeout;

    @Override
    Finding find() throws CheckFailure {
        return new PathCheck(target, entrance().dialer(), entrance().speaksTls(), Deadline.in(timeout)).run(strict);
    }
}
