package dev.tcpecho;

import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.net.BindException;
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

    /** What {@link Runtime#addShutdownHook} throws once a signal has begun the end: Vert.x adds a hook as it starts. */
    private static final String SHUTDOWN = "Shutdown in progress";

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
        } else if (root instanceof BindException
                || String.valueOf(root.getMessage()).startsWith("bind(")) {
            // The echo's own listeners name themselves; what else binds is the HTTP server.
            Config config = ConfigProvider.getConfig();
            System.err.println("tcp-echo cannot start: side port: cannot listen on host "
                    + config.getOptionalValue("quarkus.http.host", String.class).orElse("?") + " port "
                    + config.getOptionalValue("quarkus.http.port", String.class).orElse("?") + ": "
                    + reason(root.getMessage()) + "; set quarkus.http.port");
        } else if (root instanceof IllegalStateException && SHUTDOWN.equals(root.getMessage())) {
            Logger.getLogger(Main.class).info("Told to end before the start was complete");
        } else {
            Logger.getLogger(Main.class).error("tcp-echo cannot start", whole);
        }
    }

    /** In the order of the keys. */
    private static String problems(ConfigValidationException invalid) {
        return IntStream.range(0, invalid.getProblemCount())
                .mapToObj(i -> invalid.getProblem(i).getMessage())
                .map(problem -> problem.replaceFirst(CONVERTER_PREAMBLE, "$2: ")
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

    private static String reason(String message) {
        return message.contains("in use") ? "the port is in use by another process" : message;
    }

    private static Throwable root(Throwable cause) {
        return cause.getCause() == null || cause.getCause() == cause ? cause : root(cause.getCause());
    }
}
