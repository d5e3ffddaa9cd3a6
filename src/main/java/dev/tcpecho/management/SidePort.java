package dev.tcpecho.management;

import dev.tcpecho.server.EchoService;
import dev.tcpecho.server.Listener;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.ParsableMIMEValue;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The read-only routes of the side port. */
@Singleton
final class SidePort {
    private static final String REPORT = "/socket-options";
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain";

    private static final List<MIMEHeader> OFFERED =
            List.of(new ParsableMIMEValue(JSON).forceParse(), new ParsableMIMEValue(TEXT).forceParse());

    private final EchoService service;

    SidePort(EchoService service) {
        this.service = service;
    }

    /** Reports read files of /proc and a hundred socket options: off the event loop. */
    void routes(@Observes Router router) {
        for (String path : List.of(REPORT, REPORT + "/:listener")) {
            router.route(path).handler(SidePort::onlyReading);
            router.route(path).blockingHandler(this::report, false);
        }
    }

    private static void onlyReading(RoutingContext context) {
        HttpMethod method = context.request().method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            context.next();
        } else {
            context.response().putHeader("Allow", "GET, HEAD");
            error(context, 405, "this resource can only be read, with GET or HEAD");
        }
    }

    private void report(RoutingContext context) {
        String name = context.pathParam("listener");
        List<Listener> listeners = service.listeners().stream()
                .filter(listener -> name == null || listener.name().equals(name))
                .toList();
        if (name != null && listeners.isEmpty()) {
            error(context, 404, "there is no listener of that name");
            return;
        }
        context.response().putHeader("Vary", "Accept");
        if (wantsText(context)) {
            send(context, 200, TEXT + ";charset=UTF-8", SocketTable.of(service, listeners));
        } else {
            send(context, 200, JSON, SocketReport.of(service, listeners).encodePrettily() + "\n");
        }
    }

    /** JSON unless the client prefers text; a client that accepts neither gets JSON as well. */
    private static boolean wantsText(RoutingContext context) {
        List<MIMEHeader> accepted = context.parsedHeaders().accept();
        return context.parsedHeaders().findBestUserAcceptedIn(accepted, OFFERED) == OFFERED.get(1);
    }

    private static void error(RoutingContext context, int status, String message) {
        send(context, status, JSON, new JsonObject().put("error", message).encode() + "\n");
    }

    /** A HEAD response has the length of what GET would send, and none of it. */
    private static void send(RoutingContext context, int status, String type, String body) {
        HttpServerResponse response = context.response().setStatusCode(status).putHeader("Content-Type", type);
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.putHeader("Content-Length", String.valueOf(body.getBytes(StandardCharsets.UTF_8).length));
            response.end();
        } else {
            response.end(body);
        }
    }
}
