package dev.tcpecho.bench;

import dev.tcpecho.testing.Program;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs on the search path, and the sources that they build or run. */
final class Tools {
    private Tools() {}

    static Stream<Path> all(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable);
    }

    static Optional<Path> find(String... names) {
        return Stream.of(names).flatMap(Tools::all).findFirst();
    }

    /** The output, if the command ends well. */
    static Optional<String> output(List<String> command) {
        try (Program program = Program.start(new File("."), command)) {
            return program.awaitExit() == 0 ? Optional.of(program.output()) : Optional.empty();
        }
    }

    /** A copy of a resource of the benchmark, where a compiler or interpreter can read it. */
    static Path source(String name) throws IOException {
        Files.createDirectories(Settings.FOLDER);
        Path copy = Settings.FOLDER.resolve(name).toAbsolutePath();
        try (InputStream source = Tools.class.getResourceAsStream("/bench/" + name)) {
            Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        return copy;
    }

    /** The program of a C source among the resources; empty without a compiler, or off Linux. */
    static Optional<Path> compiled(String source) throws IOException {
        return compiled(source, "", List.of());
    }

    /** The same program with OpenSSL below it; empty without its headers, too. */
    static Optional<Path> compiledForTls(String source) throws IOException {
        return compiled(source, "_tls", List.of("-DTLS", "-lssl", "-lcrypto"));
    }

    private static Optional<Path> compiled(String source, String suffix, List<String> options) throws IOException {
        Optional<Path> compiler = Tools.find("gcc", "cc").filter(found -> ProcFiles.present());
        if (compiler.isEmpty()) {
            return Optional.empty();
        }
        source("wire.h");
        String copy = source(source).toString();
        String program = copy.replace(".c", suffix);
        List<String> command =
                new ArrayList<>(List.of(compiler.get().toString(), "-O2", "-o", program, copy));
        command.addAll(options);
        return output(command).map(built -> Path.of(program));
    }
}
