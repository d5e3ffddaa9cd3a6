package dev.tcpecho.check;

import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Watches a service while something is done to it. */
@Command(
        name = "watch",
        description = {
            "Keeps persistent streams and a loop of short connections going and counts what is lost: the proof of",
            "a rollout. Any loss fails.%n"
        })
final class WatchCommand extends Checking {
    @Parameters(paramLabel = "HOST:PORT", description = "an echo listener, or one of mode report")
    private HostAndPort target;

    @Option(
            names = "--for",
            paramLabel = "60s",
            description = "how long; default ${DEFAULT-VALUE}",
            defaultValue = "60s")
    private Duration time;

    @Option(
            names = "--streams",
            paramLabel = "N",
            converter = StreamsConverter.class,
            defaultValue = "4",
            description = "persistent connections, to a listener of mode stream; default ${DEFAULT-VALUE}")
    private int streams;

    @Option(
            names = "--rate",
            paramLabel = "N",
            converter = RateConverter.class,
            defaultValue = "20",
            description = "short connections a second; default ${DEFAULT-VALUE}")
    private int rate;

    @Option(
            names = "--ask",
            paramLabel = "HOST:PORT",
            description = "a listener of mode report in front of the same pods, to learn which of them answer")
    private HostAndPort ask;

    @Mixin
    private Patience patience;

    private static final class StreamsConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) throws UsageError {
            return Numbers.within("", text, 0, 100);
        }
    }

    private static final class RateConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) throws UsageError {
            return Numbers.within("", text, 1, 1000);
        }
    }

    @Override
    Finding find() throws CheckFailure {
        Watch watch = new Watch(target, entrance().dialer(), patience.time());
        return watch.run(time, streams, rate, ask, Progress.on(err()));
    }
}
