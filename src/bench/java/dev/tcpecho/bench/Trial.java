package dev.tcpecho.bench;

import dev.tcpecho.testing.Program;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Runs one work against one server: a fresh server and a fresh client for each. */
final class Trial {
    private static final int CONNECTIONS_SPARE = 1000;
    private static final Duration BESIDES = Duration.ofMinutes(5);

    private final Settings settings;
    private final Pinning pinning;
    private final Machine machine;

    Trial(Settings settings, Pinning pinning, Machine machine) {
        this.settings = settings;
        this.pinning = pinning;
        this.machine = machine;
    }

    Measurement run(Contender contender, Work work) throws NoFigure, IOException {
        return switch (work) {
            case START -> start(contender);
            case NATIVE, NATIVE_ONCE, TLS, TLS_ONCE -> nativeLoad(contender, work);
            default -> load(contender, work);
        };
    }

    private Measurement nativeLoad(Contender contender, Work work) throws NoFigure, IOException {
        Path program = (work.isTls() ? Tools.compiledForTls("epoll_load.c") : Tools.compiled("epoll_load.c"))
                .orElseThrow(() -> new NoFigure("the load client in C needs Linux and gcc or cc, and OpenSSL for TLS"));
        List<String> phases = Phases.of(work, settings, idle());
        try (RunningServer server = RunningServer.start(contender, work, pinning::pinned);
                Program client = Program.start(
                        new File("."), pinning.pinned(nativeClient(program, server, work, phases)))) {
            Duration patience = BESIDES.plusSeconds((long) (settings.warmup() + phases.size() * settings.seconds()));
            if (client.awaitExit(patience) != 0) {
                throw new NoFigure("the load client failed: " + client.output());
            }
            return withGrowth(Measurement.parse(client.awaitLine(Measurement.PREFIX)));
        } catch (AssertionError hung) {
            throw new NoFigure(hung.getMessage());
        }
    }

    private List<String> nativeClient(Path program, RunningServer server, Work work, List<String> phases) {
        return Stream.concat(
                        Stream.of(
                                program.toString(),
                                work.mode(),
                                "" + server.port(),
                                "" + server.pid(),
                                "" + machine.ticksPerSecond()),
                        phases.stream())
                .toList();
    }

    /** How much dearer an echo is with all connections active. */
    private static Measurement withGrowth(Measurement measurement) {
        double growth = measurement.figure("active19000CpuMicros") / measurement.figure("streamCpuMicros");
        return Double.isNaN(growth)
                ? measurement
                : new Measurement(measurement.json().put("growthWithConnections", growth));
    }

    private Measurement load(Contender contender, Work work) throws NoFigure {
        double seconds = work == Work.CHURN ? settings.churn() : settings.seconds();
        int connections = work == Work.IDLE ? idle() : work.connections;
        try (RunningServer server = RunningServer.start(contender, work, pinning::pinned);
                Program client =
                        Program.start(new File("."), pinning.pinned(client(server, work, connections, seconds)))) {
            Duration patience = BESIDES.plusSeconds((long) (settings.warmup() + 2 * seconds));
            if (client.awaitExit(patience) != 0) {
                throw new NoFigure("the load client failed: " + client.output());
            }
            return Measurement.parse(client.awaitLine(Measurement.PREFIX));
        } catch (AssertionError hung) {
            throw new NoFigure(hung.getMessage());
        }
    }

    /** Each connection is a descriptor on both sides. */
    private int idle() {
        return (int) Math.max(1, Math.min(settings.idle(), machine.descriptors() - CONNECTIONS_SPARE));
    }

    private List<String> client(RunningServer server, Work work, int connections, double seconds) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms128m",
                "-Xmn96m",
                "-cp",
                System.getProperty("java.class.path"),
                LoadClient.class.getName(),
                work.load,
                "" + server.port(),
                "" + server.pid(),
                "" + connections,
                "" + work.messageBytes,
                "" + work.inFlight,
                "" + settings.warmup(),
                "" + seconds,
                "" + machine.ticksPerSecond());
    }

    /** Not pinned: a start may use every core. */
    private Measurement start(Contender contender) throws NoFigure, IOException {
        double[] seconds = new double[settings.starts()];
        double[] megabytes = new double[settings.starts()];
        for (int i = 0; i < seconds.length; i++) {
            try (RunningServer server = RunningServer.start(contender, Work.START, UnaryOperator.identity())) {
                seconds[i] = server.secondsToFirstEcho();
                LockSupport.parkNanos((long) (settings.settle() * TimeUnit.SECONDS.toNanos(1)));
                megabytes[i] = ProcFiles.present() ? new ProcFiles(server.pid()).rssKibibytes() / 1024.0 : 0;
            }
        }
        JsonObject figures = new JsonObject().put("startSeconds", median(seconds));
        return new Measurement(ProcFiles.present() ? figures.put("rssMegabytes", median(megabytes)) : figures);
    }

    static double median(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
