package dev.tcpecho.check;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the jar can do. The service itself takes no arguments: its configuration are properties and the environment. */
@Command(
        name = "tcp-echo",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisHeading = "usage: ",
        customSynopsis = {
            "java -jar quarkus-run.jar",
            "       java -jar quarkus-run.jar check [fleet|path|watch|idle] ..."
        },
        usageHelpWidth = 110,
        description = {
            "Without arguments it starts the service, which is configured by -Decho.*=... before -jar, by",
            "application.properties or by the environment. check examines a service from outside: see check --help.%n"
        })
final class ProgramCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do: check");
    }
}
