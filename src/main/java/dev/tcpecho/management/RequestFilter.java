package dev.tcpecho.management;

import dev.tcpecho.server.Rarely;
import io.quarkus.runtime.LaunchMode;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Stands before every route, the framework's as well, and behind them all when one of them fails. */
final class RequestFilter {
    private static final Logger LOG = Logger.getLogger(RequestFilter.class);

    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Hosts hosts;
    private final Rarely failures = new Rarely();

    RequestFilter(Hosts hosts) {
        this.hosts = hosts;
    }

    void before(RoutingContext context) {
        HttpServerRequest request = context.request();
        MultiMap headers = context.response().headers();
        headers.set("X-Content-Type-Options", "nosniff")
                .set("Cross-Origin-Resource-Policy", "same-origin")
                .set("Referrer-Policy", "no-referrer");
        boolean ofDevMode = isOfDevMode(request);
        if (!ofDevMode) {
            headers.set("Content-Security-Policy", POLICY).set("Cache-Control", "no-store");
        }
        List<String> named = hosts(request);
        if (named.size() > 1) {
            Answers.error(context, 400, "a request has one Host");
        } else if (named.isEmpty() && request.version() != HttpVersion.HTTP_1_0) {
            Answers.error(context, 400, "a request has a Host");
        } else if (!named.isEmpty() && Hosts.name(named.get(0)).isEmpty()) {
            Answers.error(context, 400, "that Host is none");
        } else if (!named.isEmpty() && !answersTo(named.get(0), request)) {
            Answers.error(context, 421, "this service does not answer to that Host; see echo.side-port.hosts");
        } else if (ofDevMode) {
            context.next();
        } else if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            context.response().putHeader("Allow", "GET, HEAD");
            Answers.error(context, 405, "this resource can only be read, with GET or HEAD");
        } else if (hasBody(request)) {
            Answers.error(context, 413, "a request has no body here");
        } else {
            context.next();
        }
    }

    /** Pages of the development user interface, which are the framework's own; the packaged service has none. */
    private static boolean isOfDevMode(HttpServerRequest request) {
        return LaunchMode.current() == LaunchMode.DEVELOPMENT
                && request.path() != null
                && request.path().startsWith("/q/dev-");
    }

    /** As the request line names it, or else the header. */
    private static List<String> hosts(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            return request.authority() == null
                    ? List.of()
                    : List.of(request.authority().toString());
        }
        List<String> headers = request.headers().getAll("Host");
        int scheme = request.uri().indexOf("://");
        if (scheme < 0 || request.uri().startsWith("/") || headers.size() > 1) {
            return headers;
        }
        return List.of(request.uri().substring(scheme + 3).split("[/?#]", 2)[0]);
    }

    private boolean answersTo(String header, HttpServerRequest request) {
        Optional<String> name = Hosts.name(header);
        String local =
                request.localAddress() == null ? null : request.localAddress().hostAddress();
        return name.isPresent() && hosts.answersTo(name.get(), local == null ? "" : local);
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length != null && !length.strip().matches("0+")
                || request.headers().contains("Transfer-Encoding");
    }

    void unknown(RoutingContext context) {
        Answers.error(context, 404, "there is no such resource; /openapi.yaml lists them");
    }

    /** What a client does is no error of ours; what is one is said once a second at most. */
    void failed(RoutingContext context) {
        int status = context.statusCode();
        if (status >= 400 && status < 500) {
            LOG.debugf(context.failure(), "Answered with %d", status);
            Answers.error(
                    context, status, status == 404 ? "there is no such resource" : "this is not a request we take");
            return;
        }
        if (context.response().closed()) {
            LOG.debug("A client left before its answer", context.failure());
            return;
        }
        failures.run(
                unlogged -> LOG.errorf(context.failure(), "A request failed, and %d before it unlogged", unlogged));
        if (!context.response().headWritten()) {
            Answers.error(context, 500, "the service could not answer; its log says why");
        }
    }
}
