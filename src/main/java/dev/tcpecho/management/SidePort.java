package dev.tcpecho.management;

import dev.tcpecho.server.EchoConfig;
import dev.tcpecho.server.EchoService;
import dev.tcpecho.server.Listener;
import dev.tcpecho.server.OpenConnection;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;

/** The read-only routes of the side port. */
@Singleton
final class SidePort {
    private static final String CONTRACT = "/openapi.yaml";

    private final EchoService service;
    private final EchoConfig config;
    private final String contract;

    SidePort(EchoService service, EchoConfig config) {
        this.service = service;
        this.config = config;
        this.contract = resource(CONTRACT);
    }

    void routes(@Observes Router router) {
        route(router, "/socket-options", this::report);
        route(router, "/socket-options/:listener", this::report);
        route(router, "/connections", this::connections);
        route(router, CONTRACT, context -> Answers.send(context, 200, "application/yaml", contract));
    }

    /** Reports read files of /proc and many socket options: off the event loop. */
    private static void route(Router router, String path, Handler<RoutingContext> handler) {
        router.route(path).handler(Answers::onlyReading);
        router.route(path).blockingHandler(handler, false);
    }

    private void report(RoutingContext context) {
        List<Listener> listeners = listeners(context.pathParam("listener"));
        if (listeners.isEmpty() && context.pathParam("listener") != null) {
            Answers.error(context, 404, "there is no listener of that name");
            return;
        }
        Snapshot snapshot = Snapshot.of(service, listeners);
        Answers.jsonOrText(
                context, () -> new SocketReport(service, snapshot).json(), () -> SocketTable.of(service, snapshot));
    }

    private void connections(RoutingContext context) {
        if (!config.connections().enabled()) {
            Answers.error(
                    context,
                    404,
                    "connections are not shown, since that tells the addresses of peers: set"
                            + " echo.connections.enabled=true to see them");
            return;
        }
        ConnectionsQuery query;
        try {
            query = ConnectionsQuery.of(context.queryParams());
        } catch (IllegalArgumentException e) {
            Answers.error(context, 400, e.getMessage());
            return;
        }
        List<Listener> listeners = listeners(query.listener());
        if (listeners.isEmpty() && query.listener() != null) {
            Answers.error(context, 404, "there is no listener of that name");
            return;
        }
        List<OpenConnection> oldest;
        try {
            oldest = OpenConnection.oldest(listeners, query.limit());
        } catch (CompletionException e) {
            Answers.error(context, 503, "an event loop did not answer in time; see /q/health/live");
            return;
        }
        ConnectionsReport report = new ConnectionsReport(service, listeners, query.limit(), oldest);
        Answers.jsonOrText(context, report::json, report::text);
    }

    private List<Listener> listeners(String name) {
        return service.listeners().stream()
                .filter(listener -> name == null || listener.name().equals(name))
                .toList();
    }

    private static String resource(String name) {
        try (InputStream stream = SidePort.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
