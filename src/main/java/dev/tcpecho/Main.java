package dev.tcpecho;

import dev.tcpecho.check.Check;
import io.quarkus.dev.console.DevConsoleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Locale;

/** Starts the service; with arguments, which the service has none of, it is the check client and no Quarkus starts. */
@QuarkusMain
public final class Main {
    Main() {}

    public static void main(String... args) {
        // Numbers are read by programs, too. The log manager and other libraries format them as the default says.
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        if (args.length > 0) {
            System.exit(new Check(System.out, System.err).program(args));
        }
        DescriptorLimit.tooSmall().ifPresent(limit -> {
            System.err.println("tcp-echo cannot start: this process may open " + limit + " files, and needs "
                    + DescriptorLimit.LEAST + " at least (ulimit -n, LimitNOFILE=)");
            System.exit(1);
        });
        if (LastWords.writeAtTheEnd()) {
            boolean own = DevConsoleManager.getHotReplacementContext() == null; // this process is the service's alone
            if (own) {
                LastResort.install();
            }
            try {
                Quarkus.run(null, StartFailure::exit, args);
            } catch (Throwable e) {
                if (!own) {
                    throw e;
                }
                // Neither Quarkus nor StartFailure could deal with it, and event loops would keep the process alive.
                LastResort.endAtOnce("tcp-echo cannot start: ", e);
            }
        }
    }
}
