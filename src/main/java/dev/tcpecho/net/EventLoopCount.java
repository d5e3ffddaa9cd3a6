package dev.tcpecho.net;

import io.quarkus.vertx.VertxOptionsCustomizer;
import io.vertx.core.VertxOptions;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * One event loop for each processor, unless {@code quarkus.vertx.event-loops-pool-size} says otherwise. Nothing here
 * blocks, so a second one on the same core could only take its turn away from the first: each switch between them costs
 * more than an echo.
 */
@Singleton
final class EventLoopCount implements VertxOptionsCustomizer {
    private static final Logger LOG = Logger.getLogger(EventLoopCount.class);
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
        Path temporary = Path.of(System.getProperty("java.io.tmpdir", "."));
        if (!Files.isDirectory(temporary) || !Files.isWritable(temporary)) {
            // Vert.x would not start without its cache, which is for files that nobody here serves.
            LOG.warnf(
                    "java.io.tmpdir %s cannot be written to: Vert.x goes without its cache of files, and native"
                            + " transports cannot be unpacked there",
                    temporary);
            options.getFileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
        }
    }
}
