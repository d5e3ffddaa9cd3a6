package dev.tcpecho.check;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Runs the asked checks in order and says in one line how they went. */
public final class Check {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private final PrintStream out;
    private final PrintStream err;

    public Check(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** The exit code: 0 all is well, 1 a check failed, 2 wrong arguments. */
    public int run(String... args) {
        try {
            CheckArguments arguments = CheckArguments.parse(List.of(args));
            long start = System.nanoTime();
            String seen = String.join(" ", check(arguments));
            out.println("ok " + seen + " ms=" + (System.nanoTime() - start) / 1_000_000);
            return OK;
        } catch (CheckFailure e) {
            out.println("failed " + e.getMessage());
            return FAILED;
        } catch (UsageError e) {
            err.println(Printable.of(e.getMessage()));
            err.println(CheckArguments.USAGE);
            return USAGE;
        }
    }

    private static List<String> check(CheckArguments arguments) throws CheckFailure {
        Deadline deadline = Deadline.in(arguments.timeout());
        Dialer dialer = new Dialer();
        List<String> seen = new ArrayList<>();
        if (arguments.health() != null) {
            seen.add(HealthCheck.run(arguments.health(), dialer, deadline));
        }
        if (arguments.echo() != null) {
            seen.add(new EchoCheck(arguments.echo(), arguments.mode(), arguments.bytes(), dialer, deadline).run());
        }
        if (arguments.report() != null) {
            seen.add(ReportCheck.run(arguments.report(), arguments.strict(), dialer, deadline));
        }
        return seen;
    }
}
