package dev.tcpecho.check;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/** What to check, as given on the command line. */
record CheckArguments(
        HostAndPort echo, Mode mode, int bytes, Url report, Url health, Duration timeout, boolean strict) {
    static final String USAGE = """
            usage: check [--echo HOST:PORT [--mode once|stream] [--bytes N]] [--report URL [--strict]] [--health URL]
                         [--timeout 5s]
              --echo     send bytes and compare what comes back; mode once sends 64 bytes, stream 65536
              --report   read /socket-options and name every option that the kernel did not give as requested
              --strict   fail when there is such an option
              --health   expect status 200 from a health endpoint
              --timeout  for the whole check: 500ms, 5s or 1m
            exit code: 0 all is well, 1 a check failed, 2 wrong arguments""";

    private static final int MOST_BYTES = 1 << 30;

    enum Mode {
        ONCE(64),
        STREAM(65536);

        private final int usualBytes;

        Mode(int usualBytes) {
            this.usualBytes = usualBytes;
        }
    }

    static CheckArguments parse(List<String> args) throws UsageError {
        HostAndPort echo = null;
        Mode mode = Mode.ONCE;
        Integer bytes = null;
        Url report = null;
        Url health = null;
        Duration timeout = Duration.ofSeconds(5);
        boolean strict = false;
        for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--echo" -> echo = HostAndPort.parse(option, valueOf(option, rest));
                case "--mode" -> mode = mode(valueOf(option, rest));
                case "--bytes" -> bytes = Numbers.within(option, valueOf(option, rest), 1, MOST_BYTES);
                case "--report" -> report = Url.parse(option, valueOf(option, rest));
                case "--health" -> health = Url.parse(option, valueOf(option, rest));
                case "--timeout" -> timeout = Numbers.duration(option, valueOf(option, rest));
                case "--strict" -> strict = true;
                default -> throw new UsageError("unknown argument " + option);
            }
        }
        if (echo == null && report == null && health == null) {
            throw new UsageError("nothing to check: give --echo, --report or --health");
        }
        return new CheckArguments(echo, mode, bytes == null ? mode.usualBytes : bytes, report, health, timeout, strict);
    }

    private static String valueOf(String option, Iterator<String> rest) throws UsageError {
        if (!rest.hasNext()) {
            throw new UsageError(option + " needs a value");
        }
        return rest.next();
    }

    private static Mode mode(String text) throws UsageError {
        return switch (text) {
            case "once" -> Mode.ONCE;
            case "stream" -> Mode.STREAM;
            default -> throw new UsageError("--mode takes once or stream, not " + text);
        };
    }
}
