package dev.tcpecho.management;

import dev.tcpecho.net.SidePortSockets;
import dev.tcpecho.server.Descriptors;
import dev.tcpecho.server.EchoConfig;
import dev.tcpecho.server.EchoServer;
import dev.tcpecho.server.EchoService;
import dev.tcpecho.server.Rarely;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The read-only routes of the side port, with the filter before them and the bounds below them. */
@Singleton
@SuppressWarnings("deprecation") // Micrometer's registry for the Prometheus client that Quarkus 3.33 has
final class SidePort {
    private static final Logger LOG = Logger.getLogger(SidePort.class);
    private static final String CONTRACT = "/openapi.yaml";

    /** After what Quarkus puts first: the reload of the dev mode. */
    private static final int FIRST = Integer.MIN_VALUE + 1;

    /** After our own routes, and before Quarkus' for all that lies in META-INF/resources of any jar. */
    private static final int BEFORE_STATIC = 1000;

    private static final int LAST = Integer.MAX_VALUE - 1;

    private final Vertx vertx;
    private final EchoServer service;
    private final EchoConfig config;
    private final MeterRegistry meters;

    /** Asked for first at a scrape: asked for earlier, it would have meters before it has Quarkus' filters. */
    private final Instance<PrometheusMeterRegistry> registry;

    private final RequestFilter filter;
    private final Answer contract;
    private final WhatIfAnswer whatIf;
    private final PageFiles page;
    private final Reports reports;
    private final SharedAnswers scrapes = new SharedAnswers("metrics", 1, 2);

    SidePort(
            Vertx vertx,
            EchoServer service,
            EchoConfig config,
            MeterRegistry meters,
            Instance<PrometheusMeterRegistry> registry,
            @ConfigProperty(name = "quarkus.http.host") String host) {
        this.vertx = vertx;
        this.service = service;
        this.config = config;
        this.meters = meters;
        this.whatIf = new WhatIfAnswer(service);
        this.page = new PageFiles(config.sidePort().page().enabled());
        this.reports = new Reports(service, config);
        this.registry = registry;
        this.filter = new RequestFilter(new Hosts(host, config.sidePort().hosts()));
        this.contract = new Answer(200, "application/yaml", resource(CONTRACT));
    }

    /** Before the HTTP port opens, which follows the observers of this event. */
    void start(@Observes @Priority(EchoService.START_PRIORITY - 1) StartupEvent event) {
        Rarely acceptFailures = new Rarely();
        SidePortSockets sockets = SidePortSockets.install(
                vertx,
                config.sidePort().maxConnections(),
                () -> Descriptors.forSidePortToWait(connections()),
                failure -> acceptFailures.run(unlogged ->
                        LOG.warnf("Side port: accept failed: %s (%d more unlogged)", failure.getMessage(), unlogged)));
        SidePortMeters.register(meters, sockets);
    }

    /** Of the echo, open now. */
    private long connections() {
        return service.listeners().stream()
                .mapToLong(listener -> listener.traffic().active())
                .sum();
    }

    void stop(@Observes ShutdownEvent event) {
        whatIf.stop();
        reports.stop();
        scrapes.stop();
    }

    void routes(@Observes Router router) {
        router.route().order(FIRST).handler(filter::before).failureHandler(filter::failed);
        router.route("/").handler(page::start);
        router.route("/page/:file").handler(page::file);
        router.route("/socket-options").handler(reports::options);
        router.route("/socket-options/:listener").handler(reports::options);
        router.route("/connections").handler(reports::connections);
        router.route("/connections/closed").handler(reports::closed);
        router.route("/what-if").handler(this::whatIf);
        router.route("/q/metrics").order(FIRST).handler(this::metrics);
        router.route(CONTRACT).handler((Handler<RoutingContext>) context -> Answers.send(context, contract));
        router.route().order(BEFORE_STATIC).handler(this::staticResource);
        router.route().order(LAST).handler(filter::unknown);
    }

    private void staticResource(RoutingContext context) {
        if (context.request().path().startsWith("/q/")) {
            context.next();
        } else {
            filter.unknown(context);
        }
    }

    private void whatIf(RoutingContext context) {
        context.response().putHeader("Vary", "Accept");
        whatIf.send(context, new Accepted(context.request().headers().getAll("Accept")).prefersText());
    }

    /** The framework's own route would render them anew for each who asks, and has nothing for OpenMetrics alone. */
    private void metrics(RoutingContext context) {
        Accepted accepted = new Accepted(context.request().headers().getAll("Accept"));
        String type = accepted.names("text", "plain") || accepted.names("text", "html")
                ? "text/plain; version=0.0.4; charset=utf-8"
                : "application/openmetrics-text; version=1.0.0; charset=utf-8";
        context.response().putHeader("Vary", "Accept");
        scrapes.send(
                context,
                type,
                () -> new Answer(200, type, Buffer.buffer(registry.get().scrape(type))));
    }

    private static Buffer resource(String name) {
        try (InputStream stream = SidePort.class.getResourceAsStream(name)) {
            return Buffer.buffer(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
