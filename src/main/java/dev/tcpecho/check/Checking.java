package dev.tcpecho.check;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all checks share: how they get in, how they say what they found, in words or as JSON, and their exit code. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisHeading = "usage: ",
        usageHelpWidth = 110,
        footer = "exit code: 0 all is well, 1 a check failed, 2 wrong arguments")
abstract class Checking implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private EntranceOptions entrance;

    @Option(names = "--json", description = "one JSON object instead of words")
    private boolean json;

    /** @throws CheckFailure when there is nothing more to say than why */
    abstract Finding find() throws CheckFailure;

    @Override
    public final Integer call() {
        long start = System.nanoTime();
        Finding finding;
        try {
            finding = find();
        } catch (CheckFailure e) {
            finding = new Finding(
                    false, java.util.List.of(), e.getMessage(), new JsonObject().put("failure", e.getMessage()));
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonObject whole = new JsonObject().put("check", spec.name()).put("ok", finding.ok());
            out.println(Printable.json(
                    whole.mergeIn(finding.json()).put("millis", millis).encode()));
        } else {
            finding.lines().forEach(out::println);
            out.println(finding.ok() ? "ok " + finding.summary() + " ms=" + millis : "failed " + finding.summary());
        }
        return finding.ok() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    final EntranceOptions entrance() {
        return entrance;
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    final ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
