package dev.tcpecho;

import dev.tcpecho.check.Check;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the service; with arguments, which the service has none of, it is the check client and no Quarkus starts. */
@QuarkusMain
public final class Main {
    Main() {}

    public static void main(String... args) {
        if (args.length > 0) {
            System.exit(new Check(System.out, System.err).program(args));
        }
        Quarkus.run(null, StartFailure::exit, args);
    }
}
