package dev.tcpecho.management;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicLong;

/** How all routes of the side port answer: in pieces, as the client takes them, and within a budget. */
final class Answers {
    private static final int PIECE = 16 << 10;

    /** Bytes of answers that wait for their clients; one answer may always. */
    private static final long BUDGET = Math.max(2 << 20, Runtime.getRuntime().maxMemory() / 16);

    private static final AtomicLong WAITING = new AtomicLong();

    private Answers() {}

    static void error(RoutingContext context, int status, String message) {
        send(context, Answer.error(status, message));
    }

    static void busy(RoutingContext context) {
        error(context, 503, "too much is asked at once; try again in a second");
    }

    /** A HEAD response has the length of what GET would send, and none of it. On the event loop of the request. */
    static void send(RoutingContext context, Answer answer) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        int length = answer.body().length();
        boolean small = length <= PIECE;
        if (!small && WAITING.get() > 0 && WAITING.get() + length > BUDGET) {
            busy(context);
            return;
        }
        response.setStatusCode(answer.status())
                .putHeader("Content-Type", answer.type())
                .putHeader("Content-Length", String.valueOf(length));
        if (answer.status() == 503) {
            response.putHeader("Retry-After", "1");
        }
        if (!response.headers().contains("Cache-Control")) {
            response.putHeader("Cache-Control", "no-store");
        }
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.end();
        } else if (small) {
            response.end(answer.body());
        } else {
            WAITING.addAndGet(length);
            context.addEndHandler(ended -> WAITING.addAndGet(-length));
            write(response, answer.body(), 0);
        }
    }

    private static void write(HttpServerResponse response, Buffer body, int from) {
        int next = from;
        while (!response.closed() && !response.writeQueueFull() && body.length() - next > PIECE) {
            response.write(body.slice(next, next + PIECE));
            next += PIECE;
        }
        int rest = next;
        if (body.length() - rest <= PIECE) {
            response.end(body.slice(rest, body.length()));
        } else if (!response.closed()) {
            response.drainHandler(drained -> write(response, body, rest));
        }
    }
}
