package dev.tcpecho;

import dev.tcpecho.net.BindFailure;
import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** Says on standard error, in a line or a list, why the service could not start, and exits. */
final class StartFailure {
    /** What SmallRye Config puts before the message of a converter. */
    private static final String CONVERTER_PREAMBLE =
            "^(java\\.[\\w.]+: )?SRCFG\\d+: The config property (\\S+) with the config value (.*) threw an Exception"
                    + " whilst being converted (SRCFG\\d+: )?";

    /** Of a key that must have a value; it names a class for the rest. */
    private static final String EMPTY =
            "^(?:java\\.[\\w.]+: )?SRCFG00040: The config property (\\S+) is defined as the empty String.*";

    /** Vert.x' own defaults. */
    private static final BindFailure.Sharing SIDE_PORT = new BindFailure.Sharing(true, false);

    private static final int LAST_PORT = 65535;
    private static final int MOST_CAUSES = 8;

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    private static final int LONGEST = 1000;

    private StartFailure() {}

    /**
     * As Quarkus' exit code handler: {@code cause} is null for a normal end. How to end is left to Quarkus, since in
     * dev mode a reload must not end the process.
     */
    static void exit(int code, Throwable cause) {
        if (cause != null) {
            tell(root(cause), cause);
        }
        ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(code, cause);
    }

    private static void tell(Throwable root, Throwable whole) {
        if (root instanceof ConfigValidationException invalid) {
            System.err.println("tcp-echo cannot start, its configuration is not valid:\n" + problems(invalid));
        } else if (root instanceof ConfigurationException) {
            System.err.println("tcp-echo cannot start: " + root.getMessage());
        } else if (isEnding()) {
            Logger.getLogger(Main.class).info("Told to end before the start was complete");
        } else {
            System.err.println("tcp-echo cannot start: " + sidePort(root).orElseGet(() -> chain(whole)));
            if (Logger.getLogger(Main.class).isDebugEnabled()) {
                whole.printStackTrace();
            }
        }
    }

    /** Why the side port cannot be, if it is that. The echo's own listeners name themselves; else only HTTP binds. */
    private static Optional<String> sidePort(Throwable root) {
        Config config = ConfigProvider.getConfig();
        String host = config.getOptionalValue("quarkus.http.host", String.class).orElse("localhost");
        String port = config.getOptionalValue("quarkus.http.port", String.class).orElse("8080");
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > LAST_PORT) {
            return Optional.of("side port: quarkus.http.port=" + port + " is no port (0 to " + LAST_PORT + ")");
        }
        if (root instanceof UnknownHostException) {
            return Optional.of("side port: unknown host in quarkus.http.host: " + host + " (port " + port + ")");
        }
        // Resolved like this the address is never that of a name nobody knows; that was told above.
        InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(port));
        if (address.isUnresolved()) {
            return Optional.empty();
        }
        BindFailure.Kind kind = BindFailure.kind(address, root);
        if (kind == BindFailure.Kind.OTHER && !(root instanceof BindException)) {
            return Optional.empty();
        }
        boolean hostIsWrong = kind == BindFailure.Kind.NO_SUCH_ADDRESS || kind == BindFailure.Kind.NO_SUCH_FAMILY;
        return Optional.of("side port: cannot listen on host " + host + " port " + port + ": "
                + BindFailure.explain(address, SIDE_PORT, root) + "; set quarkus.http."
                + (hostIsWrong ? "host" : "port"));
    }

    /** What was thrown, and what caused it, each once and on one line. */
    private static String chain(Throwable whole) {
        List<String> causes = new ArrayList<>();
        for (Throwable each = whole; each != null && causes.size() < MOST_CAUSES; each = each.getCause()) {
            String text = printable(each.toString());
            if (causes.stream().noneMatch(told -> told.contains(text))) {
                causes.add(text);
            }
        }
        return String.join("; caused by ", causes) + " (with quarkus.log.level=DEBUG the stack trace is shown)";
    }

    /** Whether a signal has begun the end: from then on Vert.x cannot add the hook that it starts with. */
    private static boolean isEnding() {
        Thread hook = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    /** In the order of the keys. */
    private static String problems(ConfigValidationException invalid) {
        return IntStream.range(0, invalid.getProblemCount())
                .mapToObj(i -> invalid.getProblem(i).getMessage())
                .map(problem -> problem.replaceFirst(CONVERTER_PREAMBLE, "$2: ")
                        .replaceFirst(EMPTY, "$1: is empty: leave it out, or give it a value")
                        .replaceFirst("^SRCFG\\d+: (\\S+) in (.*) does not map to any root", "$1: no such key ($2)")
                        .replaceFirst("^java\\.[\\w.]+: ", ""))
                .map(StartFailure::printable)
                .sorted()
                .distinct()
                .map(problem -> "  " + problem)
                .collect(Collectors.joining("\n"));
    }

    /** On one line of a bearable length, and without what a terminal would act on: keys and values are anybody's. */
    private static String printable(String text) {
        String plain = UNPRINTABLE
                .matcher(text)
                .replaceAll(found -> String.format("\\\\u%04x", found.group().codePointAt(0)));
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "..." : plain;
    }

    private static Throwable root(Throwable cause) {
        return cause.getCause() == null || cause.getCause() == cause ? cause : root(cause.getCause());
    }
}
