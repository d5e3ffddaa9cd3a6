package dev.tcpecho.management;

import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.server.EchoServer;
import dev.tcpecho.server.EchoService;
import dev.tcpecho.server.Listener;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Round-trip times and retransmits over all connections, from samples: every second a few connections of each event
 * loop, round and round, so that the cost does not grow with their number.
 */
@Singleton
final class ConnectionMeters {
    private static final long PERIOD_MILLIS = 1000;
    private static final int CONNECTIONS_PER_LOOP = 8;
    private static final Duration[] ROUND_TRIPS =
            List.of(100, 1_000, 5_000, 25_000, 100_000, 250_000, 1_000_000).stream()
                    .map(micros -> Duration.ofNanos(micros * 1000L))
                    .toArray(Duration[]::new);
    private static final double[] RETRANSMITS = {0.5, 1, 3, 10, 100};

    private final Vertx vertx;
    private final EchoServer service;
    private final MeterRegistry registry;
    private long timer;

    ConnectionMeters(Vertx vertx, EchoServer service, MeterRegistry registry) {
        this.vertx = vertx;
        this.service = service;
        this.registry = registry;
    }

    void start(@Observes @Priority(EchoService.START_PRIORITY - 1) StartupEvent event) {
        service.whenBound(this::sample);
    }

    private void sample() {
        List<Sampler> samplers = service.listeners().stream()
                .map(listener -> new Sampler(listener, registry))
                .toList();
        timer = vertx.setPeriodic(PERIOD_MILLIS, id -> samplers.forEach(Sampler::sample));
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    private static final class Sampler {
        private final Listener listener;
        private final Timer roundTrips;
        private final DistributionSummary retransmits;

        Sampler(Listener listener, MeterRegistry registry) {
            this.listener = listener;
            this.roundTrips = Timer.builder("echo.tcp.rtt")
                    .description("Smoothed round-trip time (TCP_INFO) of sampled connections")
                    .tag("listener", listener.name())
                    .serviceLevelObjectives(ROUND_TRIPS)
                    .register(registry);
            this.retransmits = DistributionSummary.builder("echo.tcp.retransmits")
                    .description("Segments that sampled connections retransmitted in their life so far (TCP_INFO)")
                    .tag("listener", listener.name())
                    .serviceLevelObjectives(RETRANSMITS)
                    .register(registry);
        }

        void sample() {
            if (listener.traffic().active() > 0) {
                listener.sample(CONNECTIONS_PER_LOOP).thenAccept(infos -> infos.forEach(this::record));
            }
        }

        private void record(TcpInfo info) {
            roundTrips.record(info.rtt(), TimeUnit.MICROSECONDS);
            retransmits.record(info.retransmits());
        }
    }
}
