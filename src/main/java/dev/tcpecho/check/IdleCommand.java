package dev.tcpecho.check;

import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds out how long a connection may be silent. */
@Command(
        name = "idle",
        description = {
            "Holds silent connections, each for another time, and says after how much silence the path cuts, how,",
            "who usually does that, and which keep-alive survives. A cut fails.%n"
        })
final class IdleCommand extends Checking {
    @Parameters(paramLabel = "HOST:PORT", description = "an echo listener, best one of mode stream")
    private HostAndPort target;

    @Option(
            names = "--up-to",
            paramLabel = "15m",
            defaultValue = "15m",
            description = "the longest silence; default ${DEFAULT-VALUE}. It ends as soon as a cut is known")
    private Duration longest;

    @Option(
            names = "--connections",
            paramLabel = "N",
            converter = ConnectionsConverter.class,
            defaultValue = "40",
            description = "how many silences to try; more say it more exactly; default ${DEFAULT-VALUE}")
    private int connections;

    @Mixin
    private Patience patience;

    private static final class ConnectionsConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) throws UsageError {
            return Numbers.within("", text, 4, 200);
        }
    }

    @Override
    Finding find() throws CheckFailure {
        return new Idle(target, entrance().dialer(), patience.time(), Progress.on(err())).run(longest, connections);
    }
}
