package dev.tcpecho.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The load, in a process of its own that shares a core with the server. Arguments: {@code stream|once|hold}, port,
 * server's process id, connections, bytes of a message, messages in flight, seconds of warm-up, seconds of measurement,
 * clock ticks in a second.
 */
final class LoadClient {
    private static final int FEW_IDLE = 10;

    /** Where resident memory is looked at on the way to all. */
    static final List<Integer> HELD = List.of(10, 100, 1000, 5000, 10_000, 19_000);

    private final InetSocketAddress target;
    private final ProcFiles server;
    private final int connections;
    private final int messageBytes;
    private final int inFlight;
    private final double warmup;
    private final double seconds;
    private final double ticksPerSecond;

    private LoadClient(String[] arguments) {
        target = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1]));
        server = ProcFiles.present() ? new ProcFiles(Long.parseLong(arguments[2])) : null;
        connections = Integer.parseInt(arguments[3]);
        messageBytes = Integer.parseInt(arguments[4]);
        inFlight = Integer.parseInt(arguments[5]);
        warmup = Double.parseDouble(arguments[6]);
        seconds = Double.parseDouble(arguments[7]);
        ticksPerSecond = Double.parseDouble(arguments[8]);
    }

    public static void main(String[] arguments) throws IOException {
        LoadClient client = new LoadClient(arguments);
        PrintStream out = System.out;
        out.println(new Measurement(arguments[0].equals("hold") ? client.hold() : client.echo(arguments[0])).line());
    }

    private JsonObject echo(String mode) throws IOException {
        try (Load load = mode.equals("once")
                ? new OneShotLoad(target, connections, messageBytes)
                : new StreamLoad(target, connections, messageBytes, inFlight)) {
            load.runFor(warmup);
            load.tally.clear();
            long rss = server == null ? 0 : server.rssKibibytes();
            long ticks = server == null ? 0 : server.cpuTicks();
            long start = System.nanoTime();
            load.runFor(seconds);
            double elapsed = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
            JsonObject figures = figures(load.tally)
                    .put("echoesPerSecond", load.tally.echoes / elapsed)
                    .put("megabytesPerSecond", load.tally.bytes / elapsed / 1e6);
            if (server != null) {
                double cpuSeconds = (server.cpuTicks() - ticks) / ticksPerSecond;
                figures.put("serverCpuSeconds", cpuSeconds);
                if (load.tally.echoes > 0) {
                    figures.put("cpuMicrosPerEcho", cpuSeconds * 1e6 / load.tally.echoes);
                }
                figures.put("rssGrowthMegabytes", (server.rssKibibytes() - rss) / 1024.0);
            }
            return figures;
        }
    }

    private JsonObject hold() throws IOException {
        try (HoldLoad load = new HoldLoad(target, messageBytes)) {
            load.hold(FEW_IDLE);
            load.runFor(warmup);
            load.tally.clear();
            load.runFor(seconds);
            long few = load.tally.latencies.percentile(0.99);
            JsonObject figures = new JsonObject();
            Optional<JvmMemory> memoryBefore = memory();
            long before = server == null ? 0 : server.rssKibibytes();
            for (int count : HELD) {
                if (count < connections && server != null) {
                    load.hold(count);
                    figures.put("held" + count + "Kibibytes", (double) (server.rssKibibytes() - before));
                }
            }
            load.hold(connections);
            figures.put("held", load.held());
            if (server != null && load.held() > FEW_IDLE) {
                double more = load.held() - FEW_IDLE;
                double grown = server.rssKibibytes() - before;
                figures.put("rssKibibytesPerConnection", grown / more)
                        .put("held" + connections + "Kibibytes", grown);
                memoryBefore.ifPresent(first -> memory().ifPresent(last -> figures.put(
                                "heapKibibytesPerConnection", (last.liveHeap() - first.liveHeap()) / 1024.0 / more)
                        .put("nativeKibibytesPerConnection", (last.nativeBytes() - first.nativeBytes()) / 1024.0 / more)));
            }
            load.runFor(seconds);
            long many = load.tally.latencies.percentile(0.99);
            if (few > 0 && many > 0) {
                figures.put("p99FewIdleMicros", few / 1e3)
                        .put("p99ManyIdleMicros", many / 1e3)
                        .put("p99ManyToFew", many / (double) few);
            }
            return figures.mergeIn(figures(load.tally));
        }
    }

    private Optional<JvmMemory> memory() {
        return server == null ? Optional.empty() : JvmMemory.of(server.pid());
    }

    private static JsonObject figures(Tally tally) {
        return new JsonObject()
                .put("echoes", tally.echoes)
                .put("errors", tally.errors)
                .put("mismatches", tally.mismatches)
                .put("p50Micros", tally.latencies.percentile(0.5) / 1e3)
                .put("p99Micros", tally.latencies.percentile(0.99) / 1e3)
                .put("p999Micros", tally.latencies.percentile(0.999) / 1e3);
    }
}
