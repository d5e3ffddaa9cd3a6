package dev.tcpecho.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The servers that this machine can run, and why the others are missing. */
final class Contenders {
    private static final Set<Work> EVERYTHING = EnumSet.allOf(Work.class);
    private static final Set<Work> IN_THE_CLEAR = EnumSet.complementOf(EnumSet.of(Work.TLS, Work.TLS_ONCE));
    /** socat starts a process for each connection and has no one-shot mode. */
    private static final Set<Work> FORKED = EnumSet.of(Work.STREAM, Work.PIPELINED, Work.BULK);

    /** What a server that replies once and waits for the peer's FIN is compared in. */
    private static final Set<Work> ONE_SHOT = EnumSet.of(Work.ONE_SHOT, Work.CHURN, Work.NATIVE_ONCE);

    private final Settings settings;
    private final Optional<KeyPair> keys;
    private final List<Contender> present = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();

    Contenders(Settings settings) throws IOException {
        this.settings = settings;
        keys = KeyPair.make();
        if (keys.isEmpty()) {
            missing.add("TLS: needs openssl for a certificate");
        }
        addFloor();
        add(Contender.SERVICE, EVERYTHING, this::service);
        add("Vert.x", EVERYTHING, (work, port) -> peer(VertxEcho.class, work, port));
        add("Netty", IN_THE_CLEAR, (work, port) -> peer(NettyEcho.class, work, port));
        addGo();
        addPython("uvloop", "uvloop", "streams");
        addPython("uv-prot", "uvloop", "protocol");
        addPython("asyncio", "asyncio", "streams");
        addSocat();
    }

    List<Contender> present() {
        return present;
    }

    List<String> missing() {
        return missing;
    }

    private void add(String name, Set<Work> works, Contender.Command command) {
        if (settings.only().isEmpty() || List.of(settings.only().split(",")).contains(name)) {
            Set<Work> able = EnumSet.copyOf(works);
            if (keys.isEmpty()) {
                able.retainAll(IN_THE_CLEAR);
            }
            present.add(new Contender(name, able, command));
        }
    }

    private void addFloor() throws IOException {
        Optional<Path> compiled = Tools.compiled("epoll_echo.c");
        if (compiled.isEmpty()) {
            missing.add(Contender.FLOOR + ": needs Linux and gcc or cc; without the floor there are no ratios");
        } else {
            String program = compiled.get().toString();
            Optional<Path> tls = Tools.compiledForTls("epoll_echo.c");
            if (tls.isEmpty()) {
                missing.add(Contender.FLOOR + " with TLS: needs OpenSSL's headers");
            }
            add(
                    Contender.FLOOR,
                    tls.isPresent() ? EVERYTHING : IN_THE_CLEAR,
                    (work, port) -> withKeys(
                            work, work.isTls() ? tls.get().toString() : program, "" + port, work.mode()));
            add(Contender.KEPT, ONE_SHOT, (work, port) -> List.of(program, "" + port, "lingering"));
        }
    }

    private void addGo() throws IOException {
        Optional<Path> go = Tools.find("go");
        String source = Tools.source("echo.go").toString();
        String program = source.replace(".go", "_go");
        if (go.isEmpty()) {
            missing.add("Go: no go here");
        } else if (Tools.output(List.of(go.get().toString(), "build", "-o", program, source))
                .isEmpty()) {
            missing.add("Go: it did not build");
        } else {
            add("Go", EVERYTHING, (work, port) -> withKeys(work, program, "" + port, work.mode()));
        }
    }

    private void addPython(String name, String loop, String style) throws IOException {
        Optional<String> python = Stream.of("python3", "python")
                .flatMap(Tools::all)
                .map(Path::toString)
                .filter(candidate ->
                        Tools.output(List.of(candidate, "-c", "import " + loop)).isPresent())
                .findFirst();
        String source = Tools.source("echo.py").toString();
        if (python.isEmpty()) {
            missing.add(name + ": no Python that imports " + loop);
        } else {
            add(
                    name,
                    EVERYTHING,
                    (work, port) -> withKeys(work, python.get(), source, "" + port, work.mode(), loop, style));
        }
    }

    private void addSocat() {
        Optional<Path> socat = Tools.find("socat");
        if (socat.isEmpty()) {
            missing.add("socat: not installed");
        } else {
            String listen = "TCP-LISTEN:%d,bind=127.0.0.1,fork,backlog=100,nodelay";
            add(
                    "socat",
                    FORKED,
                    (work, port) ->
                            List.of(socat.get().toString(), "-b", "65536", String.format(listen, port), "PIPE"));
        }
    }

    private List<String> service(Work work, int port) {
        List<String> command = java(work);
        command.add("-Decho.port=" + port);
        command.add("-Decho.mode=" + work.mode());
        command.add("-Dquarkus.http.port=0");
        if (work == Work.IDLE || work == Work.NATIVE) {
            command.add("-Decho.max-connections=" + (settings.idle() + 100));
        }
        if (work.isTls()) {
            String store = "-Dquarkus.tls.bench.key-store.pem.0.";
            command.add("-Decho.tls-configuration-name=bench");
            command.add(store + "cert=" + keys.orElseThrow().certificate());
            command.add(store + "key=" + keys.orElseThrow().key());
        }
        command.addAll(List.of("-jar", Settings.SERVICE.toString()));
        return command;
    }

    private List<String> peer(Class<?> main, Work work, int port) {
        List<String> command = java(work);
        command.addAll(withKeys(
                work, "-cp", System.getProperty("java.class.path"), main.getName(), "" + port, work.mode()));
        return command;
    }

    /** The last arguments of each server but ours. */
    private List<String> withKeys(Work work, String... command) {
        List<String> all = new ArrayList<>(List.of(command));
        if (work.isTls()) {
            all.add(keys.orElseThrow().certificate().toString());
            all.add(keys.orElseThrow().key().toString());
        }
        return all;
    }

    private List<String> java(Work work) {
        List<String> command = new ArrayList<>();
        command.add(settings.java().resolve("bin").resolve("java").toString());
        Arrays.stream(settings.options().split(" "))
                .filter(option -> !option.isBlank())
                .forEach(command::add);
        if (work == Work.IDLE) {
            command.add("-XX:NativeMemoryTracking=summary");
        }
        return command;
    }
}
