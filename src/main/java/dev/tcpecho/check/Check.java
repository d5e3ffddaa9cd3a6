package dev.tcpecho.check;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.security.PrivateKey;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line of the jar, where it is not the service that is to be started. */
public final class Check {
    private final PrintStream out;
    private final PrintStream err;

    public Check(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * All the arguments of the jar, at least one.
     *
     * @return the exit code: 0 all is well, 1 a check failed, 2 wrong arguments
     */
    public int program(String... args) {
        return execute(new CommandLine(new ProgramCommand()).addSubcommand("check", checkCommand()), args);
    }

    /**
     * The arguments behind {@code check}.
     *
     * @return the exit code: 0 all is well, 1 a check failed, 2 wrong arguments
     */
    public int run(String... args) {
        return execute(checkCommand(), args);
    }

    private CommandLine checkCommand() {
        return new CommandLine(new CheckCommand());
    }

    private int execute(CommandLine line, String... args) {
        return line.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .registerConverter(HostAndPort.class, HostAndPort::parse)
                .registerConverter(Url.class, Url::parse)
                .registerConverter(Duration.class, Numbers::duration)
                .registerConverter(Mode.class, Mode::parse)
                .registerConverter(ProxyHeader.class, ProxyHeader::parse)
                .registerConverter(Pem.Chain.class, Pem::certificates)
                .registerConverter(PrivateKey.class, Pem::key)
                .setExpandAtFiles(false)
                .setOverwrittenOptionsAllowed(true)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setParameterExceptionHandler(Check::wrongArguments)
                .execute(args);
    }

    private static int wrongArguments(ParameterException wrong, String[] args) {
        PrintWriter err = wrong.getCommandLine().getErr();
        err.println(Printable.of(message(wrong)));
        wrong.getCommandLine().usage(err);
        return ExitCode.USAGE;
    }

    private static String message(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            return "unknown argument " + unmatched.getUnmatched().get(0);
        }
        if (wrong instanceof MissingParameterException missing) {
            ArgSpec first = missing.getMissing().get(0);
            return name(first) + (first.isOption() ? " needs a value" : " is missing");
        }
        return wrong.getCause() instanceof UsageError error && wrong.getArgSpec() != null
                ? name(wrong.getArgSpec()) + error.getMessage()
                : wrong.getMessage();
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
