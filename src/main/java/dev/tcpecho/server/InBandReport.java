package dev.tcpecho.server;

import dev.tcpecho.kernel.Sysctls;
import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.net.AcceptQueue;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.option.AcceptedBy;
import dev.tcpecho.option.ConnectionSocket;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.TcpInfoOption;
import io.netty.channel.Channel;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The object of mode report: what is shown of a connection at the side port, with who serves it, its options with their
 * verdicts, and the accept queue that it came through. It tells of no connection but the one that it goes out on.
 */
final class InBandReport {
    private static final long SYSCTLS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** One thread for all connections: each waits for one report at most, so that their limit is the queue's. */
    private static final ThreadPoolExecutor THREAD =
            new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = new Thread(task, "in-band-report");
                thread.setDaemon(true);
                return thread;
            });

    static {
        THREAD.allowCoreThreadTimeOut(true);
    }

    /** Read anew when they are too old; of the one thread alone. */
    private static Sysctls sysctls;

    private static long sysctlsNanos;

    private InBandReport() {}

    /** On the connection's loop, to which the answer comes back; a connection that is gone by then gets none. */
    static void make(Connection connection) {
        Channel channel = connection.channel();
        ConnectionMoment moment = connection.moment();
        // Of the moment; where the transport cannot tell, the thread finds out a little later.
        Optional<Long> waiting =
                TcpInfoOption.read(AcceptedBy.listening(channel)).map(TcpInfo::acceptQueue);
        CompletableFuture.supplyAsync(() -> json(connection.listener(), moment, waiting), THREAD)
                .whenCompleteAsync(
                        (json, failure) -> {
                            if (!channel.isOpen()) {
                                return;
                            }
                            if (failure != null) {
                                connection.listener().admission().failed(failure);
                                connection.reset(CloseReason.ERROR);
                            } else {
                                json.ifPresent(report -> Report.answer(connection, report));
                            }
                        },
                        channel.eventLoop());
    }

    /** Empty when the connection is gone. */
    private static Optional<String> json(Listener listener, ConnectionMoment moment, Optional<Long> waiting) {
        Channel channel = moment.channel();
        ListeningSocket socket = ListeningSocket.of(channel);
        Optional<ConnectionSocket> kernel =
                ConnectionSocket.read(channel, socket.options().values());
        Sysctls now = sysctls();
        List<OptionReading> options = socket.options().judge(socket.options().values(channel), now);
        if (kernel.isEmpty() || !channel.isOpen()) {
            return Optional.empty();
        }
        OpenConnection connection = OpenConnection.of(listener, moment, kernel.get(), System.nanoTime());
        AcceptQueue queue = socket.acceptQueue();
        JsonObject report = new JsonObject()
                .put("summary", Summary.of(connection, options, now))
                .put("service", ServiceIdentity.OURS.json());
        ConnectionFacts.json(connection).forEach(fact -> report.put(fact.getKey(), fact.getValue()));
        report.put("options", OptionFacts.json(options, now))
                .put(
                        "acceptQueue",
                        new JsonObject()
                                .put("current", waiting.orElse(known(queue.current())))
                                .put("peak", known(queue.peak()))
                                .put("max", known(queue.max()))
                                .put("maxComputed", queue.isMaxComputed())
                                .put("peakSampledEveryMillis", AcceptQueue.SAMPLE_MILLIS));
        return Optional.of(report.encodePrettily() + "\n");
    }

    private static Sysctls sysctls() {
        long now = System.nanoTime();
        if (sysctls == null || now - sysctlsNanos > SYSCTLS_NANOS) {
            sysctls = Sysctls.read();
            sysctlsNanos = now;
        }
        return sysctls;
    }

    private static Long known(long value) {
        return value < 0 ? null : value;
    }
}
