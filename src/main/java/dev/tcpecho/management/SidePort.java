package dev.tcpecho.management;

import dev.tcpecho.net.SidePortSockets;
import dev.tcpecho.server.EchoConfig;
import dev.tcpecho.server.EchoServer;
import dev.tcpecho.server.EchoService;
import dev.tcpecho.server.Listener;
import dev.tcpecho.server.Rarely;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
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
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
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
    private final SharedAnswers reports = new SharedAnswers("report", 1, 8);
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
                failure -> acceptFailures.run(unlogged ->
                        LOG.warnf("Side port: accept failed: %s (%d more unlogged)", failure.getMessage(), unlogged)));
        SidePortMeters.register(meters, sockets);
    }

    void stop(@Observes ShutdownEvent event) {
        whatIf.stop();
        reports.stop();
        scrapes.stop();
    }

    void routes(@Observes Router router) {
        router.route().order(FIRST).handler(filter::before).failureHandler(filter::failed);
        router.route("/socket-options").handler(this::report);
        router.route("/socket-options/:listener").handler(this::report);
        router.route("/connections").handler(this::connections);
        router.route("/connections/closed").handler(this::closed);
        router.route("/what-if").handler(this::whatIf);
        router.route("/q/metrics").order(FIRST).handler(this::metrics);
        router.route(CONTRACT).handler((Handler<RoutingContext>) context -> Answers.send(context, contract));
        router.route().order(LAST).handler(filter::unknown);
    }

    private void report(RoutingContext context) {
        String name = context.pathParam("listener");
        List<Listener> listeners = listeners(name);
        if (listeners.isEmpty() && name != null) {
            Answers.error(context, 404, "there is no listener of that name");
            return;
        }
        query(
                context,
                ReportQuery::of,
                query -> sendReport(
                        context,
                        List.of("socket-options " + name, query),
                        () -> Answer.json(new SocketReport(
                                        service,
                                        Snapshot.of(service, listeners),
                                        query.details(),
                                        config.connections().enabled())
                                .json()),
                        () -> Answer.text(SocketTable.of(service, Snapshot.of(service, listeners)))));
    }

    private void connections(RoutingContext context) {
        queryShown(context, ConnectionsQuery::of, query -> {
            List<Listener> listeners = listeners(query.listener());
            if (isFound(context, query.listener())) {
                sendReport(
                        context,
                        query,
                        () -> Answer.json(
                                ConnectionsReport.of(service, listeners, query).json()),
                        () -> Answer.text(
                                ConnectionsReport.of(service, listeners, query).text()));
            }
        });
    }

    private void closed(RoutingContext context) {
        queryShown(context, ClosedQuery::of, query -> {
            int remembered = config.connections().closed();
            if (isFound(context, query.listener())) {
                sendReport(
                        context,
                        query,
                        () -> Answer.json(
                                ClosedReport.of(service, remembered, query).json()),
                        () -> Answer.text(
                                ClosedReport.of(service, remembered, query).text()));
            }
        });
    }

    /** Answers what is not shown, and what is asked in a wrong way. */
    private <T> void queryShown(RoutingContext context, Function<MultiMap, T> parse, Consumer<T> answer) {
        if (!config.connections().enabled()) {
            Answers.error(
                    context,
                    404,
                    "connections are not shown, since that tells the addresses of peers: set"
                            + " echo.connections.enabled=true to see them");
            return;
        }
        query(context, parse, answer);
    }

    private static <T> void query(RoutingContext context, Function<MultiMap, T> parse, Consumer<T> answer) {
        T query;
        try {
            query = parse.apply(context.queryParams());
        } catch (IllegalArgumentException e) {
            Answers.error(context, 400, e.getMessage());
            return;
        }
        answer.accept(query);
    }

    /** @param name null for all listeners */
    private boolean isFound(RoutingContext context, String name) {
        boolean found = name == null || !listeners(name).isEmpty();
        if (!found) {
            Answers.error(context, 404, "there is no listener of that name");
        }
        return found;
    }

    private void whatIf(RoutingContext context) {
        context.response().putHeader("Vary", "Accept");
        whatIf.send(context, new Accepted(context.request().headers().getAll("Accept")).prefersText());
    }

    /** Reports read files of /proc and many socket options: off the event loop, one at a time. */
    private void sendReport(RoutingContext context, Object key, Supplier<Answer> json, Supplier<Answer> text) {
        context.response().putHeader("Vary", "Accept");
        boolean asText = new Accepted(context.request().headers().getAll("Accept")).prefersText();
        reports.send(context, List.of(key, asText), () -> {
            try {
                return (asText ? text : json).get();
            } catch (CompletionException e) {
                return Answer.error(503, "an event loop did not answer in time; see /q/health/live");
            }
        });
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

    private List<Listener> listeners(String name) {
        return service.listeners().stream()
                .filter(listener -> name == null || listener.name().equals(name))
                .toList();
    }

    private static Buffer resource(String name) {
        try (InputStream stream = SidePort.class.getResourceAsStream(name)) {
            return Buffer.buffer(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
