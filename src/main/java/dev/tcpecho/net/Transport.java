package dev.tcpecho.net;

import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.VertxInternal;

/** The I/O that Vert.x got. */
public record Transport(String name, String whyNotNative) {
    /** {@code whyNotNative} is null where the native transport could be had. */
    public static Transport of(Vertx vertx) {
        if (!vertx.isNativeTransportEnabled()) {
            // Vert.x itself forgets the cause as it falls back.
            io.vertx.core.spi.transport.Transport unused = VertxBuilder.nativeTransport();
            Throwable cause = unused == null ? null : unused.unavailabilityCause();
            return new Transport("nio", cause == null ? null : root(cause));
        }
        String loops = ((VertxInternal) vertx).getEventLoopGroup().getClass().getSimpleName();
        return new Transport(loops.startsWith("Epoll") ? "epoll" : "kqueue", null);
    }

    private static String root(Throwable cause) {
        Throwable deepest = cause;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
    }
}
