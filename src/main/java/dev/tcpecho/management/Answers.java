package dev.tcpecho.management;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.ParsableMIMEValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** What all routes of the side port have in common: reading only, JSON or text, errors as JSON. */
final class Answers {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain";

    private static final List<MIMEHeader> OFFERED =
            List.of(new ParsableMIMEValue(JSON).forceParse(), new ParsableMIMEValue(TEXT).forceParse());

    private Answers() {}

    static void onlyReading(RoutingContext context) {
        HttpMethod method = context.request().method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            context.next();
        } else {
            context.response().putHeader("Allow", "GET, HEAD");
            error(context, 405, "this resource can only be read, with GET or HEAD");
        }
    }

    /** JSON unless the client prefers text; a client that accepts neither gets JSON as well. */
    static void jsonOrText(RoutingContext context, Supplier<JsonObject> json, Supplier<String> text) {
        context.response().putHeader("Vary", "Accept");
        List<MIMEHeader> accepted = context.parsedHeaders().accept();
        if (context.parsedHeaders().findBestUserAcceptedIn(accepted, OFFERED) == OFFERED.get(1)) {
            send(context, 200, TEXT + ";charset=UTF-8", text.get());
        } else {
            send(context, 200, JSON, json.get().encodePrettily() + "\n");
        }
    }

    static void error(RoutingContext context, int status, String message) {
        send(context, status, JSON, new JsonObject().put("error", message).encode() + "\n");
    }

    /** A HEAD response has the length of what GET would send, and none of it. */
    static void send(RoutingContext context, int status, String type, String body) {
        HttpServerResponse response = context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", type)
                .putHeader("Cache-Control", "no-store");
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.putHeader("Content-Length", String.valueOf(body.getBytes(StandardCharsets.UTF_8).length));
            response.end();
        } else {
            response.end(body);
        }
    }
}
