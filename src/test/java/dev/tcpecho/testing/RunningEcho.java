package dev.tcpecho.testing;

import dev.tcpecho.server.EchoConfig;
import dev.tcpecho.server.EchoService;
import dev.tcpecho.server.Listener;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** The service on a Vert.x of its own, without Quarkus; on any free port unless told otherwise. */
public final class RunningEcho implements AutoCloseable {
    private final Vertx vertx;
    private final EchoService service;

    private RunningEcho(Vertx vertx, EchoService service) {
        this.vertx = vertx;
        this.service = service;
    }

    /** @param properties each as {@code key=value} */
    public static RunningEcho start(Transports transport, String... properties) {
        transport.assumeAvailable();
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(transport == Transports.EPOLL));
        EchoService service = new EchoService(vertx, config(properties));
        try {
            service.start(null);
        } catch (RuntimeException e) {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            throw e;
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
                .addDiscoveredConverters()
                .withMapping(EchoConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build()
                .getConfigMapping(EchoConfig.class);
    }

    public EchoService service() {
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

    @Override
    public void close() {
        service.stop(null);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
