package dev.tcpecho.net;

import io.quarkus.vertx.VertxOptionsCustomizer;
import io.vertx.core.VertxOptions;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/**
 * One event loop for each processor, unless {@code quarkus.vertx.event-loops-pool-size} says otherwise. Nothing here
 * blocks, so a second one on the same core could only take its turn away from the first: each switch between them costs
 * more than an echo.
 */
@Singleton
final class EventLoopCount implements VertxOptionsCustomizer {
    private static final String KEY = "quarkus.vertx.event-loops-pool-size";

    private final Config config;

    EventLoopCount(Config config) {
        this.config = config;
    }

    @Override
    public void accept(VertxOptions options) {
        if (config.getOptionalValue(KEY, Integer.class).isEmpty()) {
            options.setEventLoopPoolSize(Runtime.getRuntime().availableProcessors());
        }
    }
}
