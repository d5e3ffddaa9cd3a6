package dev.tcpecho.check;

import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What to check, as given on the command line. */
record CheckArguments(
        HostAndPort echo, Mode mode, int bytes, URI report, URI health, Duration timeout, boolean strict) {
    static final String USAGE = """
            usage: check [--echo HOST:PORT [--mode once|stream] [--bytes N]] [--report URL [--strict]] [--health URL]
                         [--timeout 5s]
              --echo     send bytes and compare what comes back; mode once sends 64 bytes, stream 65536
              --report   read /socket-options and name every option that the kernel did not give as requested
              --strict   fail when there is such an option
              --health   expect status 200 from a health endpoint
              --timeout  for the whole check: 500ms, 5s or 1m
            exit code: 0 all is well, 1 a check failed, 2 wrong arguments""";

    private static final Pattern HOST_AND_PORT = Pattern.compile("(?:\\[(?<ipv6>[^]]+)]|(?<host>[^:]+)):(?<port>\\d+)");
    private static final Pattern DURATION = Pattern.compile("(?<amount>\\d{1,9})(?<unit>ms|s|m)");
    private static final int MOST_BYTES = 1 << 30;

    enum Mode {
        ONCE(64),
        STREAM(65536);

        private final int usualBytes;

        Mode(int usualBytes) {
            this.usualBytes = usualBytes;
        }
    }

    record HostAndPort(String host, int port) {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    static CheckArguments parse(List<String> args) throws UsageError {
        HostAndPort echo = null;
        Mode mode = Mode.ONCE;
        Integer bytes = null;
        URI report = null;
        URI health = null;
        Duration timeout = Duration.ofSeconds(5);
        boolean strict = false;
        for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--echo" -> echo = hostAndPort(valueOf(option, rest));
                case "--mode" -> mode = mode(valueOf(option, rest));
                case "--bytes" -> bytes = bytes(valueOf(option, rest));
                case "--report" -> report = httpUri(option, valueOf(option, rest));
                case "--health" -> health = httpUri(option, valueOf(option, rest));
                case "--timeout" -> timeout = duration(valueOf(option, rest));
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

    private static HostAndPort hostAndPort(String text) throws UsageError {
        Matcher parts = HOST_AND_PORT.matcher(text);
        if (!parts.matches()) {
            throw new UsageError("--echo takes HOST:PORT or [IPV6]:PORT, not " + text);
        }
        String host = parts.group("ipv6") == null ? parts.group("host") : parts.group("ipv6");
        return new HostAndPort(host, number("--echo's port", parts.group("port"), 65535));
    }

    private static Mode mode(String text) throws UsageError {
        return switch (text) {
            case "once" -> Mode.ONCE;
            case "stream" -> Mode.STREAM;
            default -> throw new UsageError("--mode takes once or stream, not " + text);
        };
    }

    private static int bytes(String text) throws UsageError {
        return number("--bytes", text, MOST_BYTES);
    }

    private static int number(String name, String text, int most) throws UsageError {
        String range = name + " must be a number from 1 to " + most + ", not " + text;
        try {
            int value = Integer.parseInt(text);
            if (value < 1 || value > most) {
                throw new UsageError(range);
            }
            return value;
        } catch (NumberFormatException e) {
            throw new UsageError(range);
        }
    }

    private static URI httpUri(String option, String text) throws UsageError {
        String expected = option + " takes an address like http://HOST:8080/path, not " + text;
        try {
            URI uri = URI.create(text);
            if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme())) {
                throw new UsageError(expected);
            }
            return uri;
        } catch (IllegalArgumentException e) {
            throw new UsageError(expected);
        }
    }

    private static Duration duration(String text) throws UsageError {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches() || Long.parseLong(parts.group("amount")) == 0) {
            throw new UsageError("--timeout takes 500ms, 5s or 1m, not " + text);
        }
        long amount = Long.parseLong(parts.group("amount"));
        return switch (parts.group("unit")) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }
}
