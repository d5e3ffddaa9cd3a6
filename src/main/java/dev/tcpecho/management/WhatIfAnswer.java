package dev.tcpecho.management;

import dev.tcpecho.option.AskedSettings;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.server.EchoServer;
import dev.tcpecho.server.OptionFacts;
import dev.tcpecho.server.Summary;
import dev.tcpecho.server.WhatIf;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** What this machine would give for socket keys, in the terms of the report; one question at a time. */
final class WhatIfAnswer {
    private final EchoServer service;
    private final SharedAnswers answers = new SharedAnswers("what-if", 1, 2);
    private final AtomicBoolean asking = new AtomicBoolean();

    WhatIfAnswer(EchoServer service) {
        this.service = service;
    }

    void send(RoutingContext context, boolean asText) {
        Map<String, String> asked;
        try {
            asked = asked(context.queryParams());
            AskedSettings.of(asked);
        } catch (IllegalArgumentException e) {
            Answers.error(context, 400, e.getMessage());
            return;
        }
        if (!asking.compareAndSet(false, true)) {
            Answers.busy(context);
            return;
        }
        answers.send(context, new Object(), () -> {
            try {
                WhatIf found = service.whatIf(AskedSettings.of(asked));
                return asText ? Answer.text(text(found)) : Answer.json(json(asked, found));
            } catch (IllegalArgumentException e) {
                return Answer.error(400, e.getMessage());
            } catch (TimeoutException e) {
                return Answer.error(503, "an event loop did not get to it in time; see /q/health/live");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Answer.error(503, "the service is stopping");
            } finally {
                asking.set(false);
            }
        });
    }

    void stop() {
        answers.stop();
    }

    private static Map<String, String> asked(MultiMap given) {
        Parameters parameters = new Parameters(given, AskedSettings.names());
        Map<String, String> asked = new TreeMap<>();
        given.names().forEach(name -> asked.put(name, parameters.text(name)));
        if (asked.isEmpty()) {
            throw new IllegalArgumentException("no socket key is given, such as ?receive-buffer-size=8M; there are "
                    + String.join(", ", AskedSettings.names()));
        }
        return asked;
    }

    private JsonObject json(Map<String, String> asked, WhatIf found) {
        return new JsonObject()
                .put("summary", Summary.of(found))
                .put("transport", service.transport().name())
                .put("family", found.ipv6() ? "IPv6" : "IPv4")
                .put("asked", new JsonObject(new TreeMap<>(asked)))
                .put("listener", new JsonObject().put("options", options(found, found.listener())))
                .put("accepted", new JsonObject().put("options", options(found, found.accepted())));
    }

    private static JsonArray options(WhatIf found, List<OptionReading> readings) {
        return OptionFacts.json(readings, found.sysctls());
    }

    private static String text(WhatIf found) {
        Text text = new Text();
        text.line(0, Summary.of(found));
        text.line(0, "");
        text.line(0, "a listening socket would have");
        SocketTable.options(text, found.listener());
        text.line(0, "");
        text.line(0, "a connection that it accepts would have");
        SocketTable.options(text, found.accepted());
        return text.toString();
    }
}
