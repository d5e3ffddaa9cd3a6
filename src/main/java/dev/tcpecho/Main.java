package dev.tcpecho;

import dev.tcpecho.check.Check;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Arrays;

/** Starts the service, or runs the check client without starting Quarkus when the first argument is {@code check}. */
@QuarkusMain
public final class Main {
    Main() {}

    public static void main(String... args) {
        if (args.length > 0 && args[0].equals("check")) {
            System.exit(new Check(System.out, System.err).run(Arrays.copyOfRange(args, 1, args.length)));
        }
        Quarkus.run(null, StartFailure::exit, args);
    }
}
