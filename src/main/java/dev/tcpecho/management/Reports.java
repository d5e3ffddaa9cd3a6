package dev.tcpecho.management;

import dev.tcpecho.server.EchoConfig;
import dev.tcpecho.server.EchoServer;
import dev.tcpecho.server.Listener;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The side port's answers about sockets and connections: JSON or text, made one at a time and shared for a moment. */
final class Reports {
    private final EchoServer service;
    private final EchoConfig.ConnectionsReport shown;
    private final SharedAnswers answers = new SharedAnswers("report", 1, 8);

    Reports(EchoServer service, EchoConfig config) {
        this.service = service;
        this.shown = config.connections();
    }

    void stop() {
        answers.stop();
    }

    void options(RoutingContext context) {
        String name = context.pathParam("listener");
        List<Listener> listeners = listeners(name);
        if (listeners.isEmpty() && name != null) {
            Answers.error(context, 404, "there is no listener of that name");
            return;
        }
        query(
                context,
                ReportQuery::of,
                query -> send(
                        context,
                        List.of("socket-options " + name, query),
                        () -> Answer.json(new SocketReport(
                                        service, Snapshot.of(service, listeners), query.details(), shown.enabled())
                                .json()),
                        () -> Answer.text(SocketTable.of(service, Snapshot.of(service, listeners)))));
    }

    void connections(RoutingContext context) {
        queryShown(context, ConnectionsQuery::of, query -> {
            List<Listener> listeners = listeners(query.listener());
            if (isFound(context, query.listener())) {
                send(
                        context,
                        query,
                        () -> Answer.json(
                                ConnectionsReport.of(service, listeners, query).json()),
                        () -> Answer.text(
                                ConnectionsReport.of(service, listeners, query).text()));
            }
        });
    }

    void closed(RoutingContext context) {
        queryShown(context, ClosedQuery::of, query -> {
            int remembered = shown.closed();
            if (isFound(context, query.listener())) {
                send(
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
        if (!shown.enabled()) {
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

    /** Reports read files of /proc and many socket options: off the event loop, one at a time. */
    private void send(RoutingContext context, Object key, Supplier<Answer> json, Supplier<Answer> text) {
        context.response().putHeader("Vary", "Accept");
        boolean asText = new Accepted(context.request().headers().getAll("Accept")).prefersText();
        answers.send(context, List.of(key, asText), () -> {
            try {
                return (asText ? text : json).get();
            } catch (CompletionException e) {
                return Answer.error(503, "an event loop did not answer in time; see /q/health/live");
            }
        });
    }

    private List<Listener> listeners(String name) {
        return service.listeners().stream()
                .filter(listener -> name == null || listener.name().equals(name))
                .toList();
    }
}
