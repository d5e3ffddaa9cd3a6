package dev.tcpecho.check;

import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares all the pods behind a name. */
@Command(
        name = "fleet",
        description = {
            "Asks every address of a name, such as that of a headless Service, for its socket report and lists only",
            "what differs. An address that does not answer fails.%n"
        })
final class FleetCommand extends Checking {
    @Parameters(paramLabel = "URL", description = "http://NAME:8080/socket-options")
    private Url url;

    @Option(names = "--strict", description = "fail when anything differs, or is less than asked for")
    private boolean strict;

    @Option(
            names = "--timeout",
            paramLabel = "10s",
            defaultValue = "10s",
            description = "for the whole check; default ${DEFAULT-VALUE}")
    private Duration timeout;

    @Override
    Finding find() throws CheckFailure {
        return new Fleet(url, entrance().http(url), Deadline.in(timeout)).run(strict);
    }
}
