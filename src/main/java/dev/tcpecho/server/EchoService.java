package dev.tcpecho.server;

import dev.tcpecho.net.Transport;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** Hands the events of Quarkus' life to the {@link EchoServer}; the only place that waits for it. */
@Singleton
public final class EchoService {
    /** Of the start-up observer; what needs the bound listeners observes with a higher number. */
    public static final int START_PRIORITY = 2500;

    private static final Logger LOG = Logger.getLogger(EchoService.class);
    private static final Duration STOP_BOUND = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final boolean nativePreferred;
    private final EchoServer server;
    private final Optional<LiveReload> reload;

    EchoService(Vertx vertx, EchoConfig config, TlsConfigurationRegistry tls, Config quarkus) {
        this.vertx = vertx;
        this.nativePreferred = quarkus.getOptionalValue("quarkus.vertx.prefer-native-transport", Boolean.class)
                .orElse(false);
        this.server = new EchoServer(vertx, config, tls, sidePort(quarkus));
        this.reload = LaunchMode.current() == LaunchMode.DEVELOPMENT
                ? LiveReload.of(server, config.dev().reloadOnConnect())
                : Optional.empty();
    }

    @Produces
    @Singleton
    EchoServer server() {
        return server;
    }

    void start(@Observes @Priority(START_PRIORITY) StartupEvent event) {
        Transport transport = Transport.of(vertx);
        if (nativePreferred && transport.whyNotNative() != null) {
            LOG.warnf("The native transport is not to be had, NIO serves instead: %s", transport.whyNotNative());
        } else if (nativePreferred
                && LaunchMode.current() == LaunchMode.DEVELOPMENT
                && transport.name().equals("nio")) {
            LOG.warn(
                    "NIO serves until dev mode is started again: the first start of this session failed, and what Quarkus"
                            + " then made to wait for the next edit was not asked for the native transport (-Djvm.args=)");
        }
        reload.ifPresent(predecessor -> await(predecessor.takeOver(), STOP_BOUND));
        try {
            server.start().join();
        } catch (CompletionException e) {
            reload.ifPresent(predecessor -> await(predecessor.failed(), STOP_BOUND));
            throw e.getCause() instanceof StartException start ? start : new IllegalStateException(e.getCause());
        }
        reload.ifPresent(successor -> await(successor.serving(), STOP_BOUND));
    }

    void renew(@Observes CertificateUpdatedEvent event) {
        server.renewed(event);
    }

    /** While it blocks, health, metrics and the report still answer. A reload does not wait for it. */
    void drain(@Observes ShutdownDelayInitiatedEvent event) {
        if (LaunchMode.current() != LaunchMode.DEVELOPMENT) {
            await(server.drain(), server.longestDrain());
        }
    }

    void stop(@Observes ShutdownEvent event) {
        await(reload.map(LiveReload::stop).orElseGet(server::stop), STOP_BOUND);
    }

    private static void await(CompletableFuture<Void> end, Duration bound) {
        try {
            end.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warnf("The end takes longer than %s; not waiting for it", bound);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tests have a side port of their own. */
    private static SidePortAddress sidePort(Config quarkus) {
        if (LaunchMode.current() == LaunchMode.TEST) {
            return SidePortAddress.NONE;
        }
        return SidePortAddress.of(
                quarkus.getOptionalValue("quarkus.http.host", String.class).orElse("localhost"),
                quarkus.getOptionalValue("quarkus.http.port", Integer.class).orElse(0));
    }
}
