package dev.tcpecho.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.server.CloseReason;
import dev.tcpecho.server.EchoConfig;
import dev.tcpecho.server.EchoServer;
import dev.tcpecho.server.Listener;
import dev.tcpecho.server.Traffic;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** The service on a Vert.x of its own, without Quarkus; on any free port unless told otherwise. */
public final class RunningEcho implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(20);

    /** Vert.x starts one for each task until there are so many: soon, so that a count of threads stands still. */
    private static final int WORKERS = 5;

    private final Vertx vertx;
    private final EchoServer service;

    private RunningEcho(Vertx vertx, EchoServer service) {
        this.vertx = vertx;
        this.service = service;
    }

    /** @param properties each as {@code key=value} */
    public static RunningEcho start(Transports transport, String... properties) {
        return start(transport, new TlsBuckets(), properties);
    }

    /** @param tls what {@code tls-configuration-name} may name */
    public static RunningEcho start(Transports transport, TlsBuckets tls, String... properties) {
        transport.assumeAvailable();
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(transport == Transports.EPOLL)
                .setWorkerPoolSize(WORKERS));
        EchoServer service = new EchoServer(vertx, config(properties), tls);
        try {
            service.start().join();
        } catch (CompletionException e) {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        return new RunningEcho(vertx, service);
    }

    public static EchoConfig config(String... properties) {
        Map<String, String> values = new HashMap<>(Map.of("echo.port", "0"));
        for (String property : properties) {
            String[] pair = property.split("=", 2);
            values.put(pair[0], pair[1]);
        }
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredInterceptors()
                .addDiscoveredConverters()
                .withMapping(EchoConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build()
                .getConfigMapping(EchoConfig.class);
    }

    public EchoServer service() {
        return service;
    }

    public Vertx vertx() {
        return vertx;
    }

    public Listener listener() {
        return service.listeners().get(0);
    }

    public InetSocketAddress address() {
        return listener().sockets().get(0).address();
    }

    public Peer connect() {
        return Peer.connect(address());
    }

    public Traffic traffic() {
        return listener().traffic();
    }

    /** Waits until so many connections have ended for this reason, and none is open nor was lost from the count. */
    public RunningEcho expectClosed(CloseReason reason, long count) {
        expectClosedSoFar(reason, count);
        await().atMost(WAIT).until(() -> traffic().active() == 0);
        assertThat(traffic().opened()).isEqualTo(traffic().closed());
        return this;
    }

    /** Waits until so many connections have ended, all for this reason. */
    public RunningEcho expectClosedSoFar(CloseReason reason, long count) {
        await().pollInterval(Duration.ofMillis(5)).atMost(WAIT).untilAsserted(() -> assertThat(closedByReason())
                .isEqualTo(Map.of(reason, count)));
        return this;
    }

    /** What is not zero. */
    public Map<CloseReason, Long> closedByReason() {
        Map<CloseReason, Long> closed = new EnumMap<>(CloseReason.class);
        for (CloseReason reason : CloseReason.values()) {
            if (traffic().closed(reason) > 0) {
                closed.put(reason, traffic().closed(reason));
            }
        }
        return closed;
    }

    /** All that was received and not discarded has been sent, and it was this much. */
    public RunningEcho expectEchoed(long bytes) {
        assertThat(traffic().bytesReceived() - traffic().bytesDiscarded()).isEqualTo(bytes);
        assertThat(traffic().bytesSent()).isEqualTo(bytes);
        return this;
    }

    /** Bytes that the service holds for peers: read, and not taken by the kernel yet. */
    public long held() {
        return traffic().bytesReceived()
                - traffic().bytesDiscarded()
                - traffic().bytesSent();
    }

    @Override
    public void close() {
        service.stop().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
