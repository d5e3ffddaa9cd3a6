package dev.tcpecho.management;

import dev.tcpecho.server.EchoConfig;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Tells at the start where a person may look. */
@Singleton
final class PageAddress {
    private static final Logger LOG = Logger.getLogger(PageAddress.class);

    private final EchoConfig config;

    PageAddress(EchoConfig config) {
        this.config = config;
    }

    /** A port that the system chose is told by Quarkus' own line. */
    void opened(@ObservesAsync HttpServerStart event) {
        int port = event.options().getPort();
        if (config.sidePort().page().enabled() && port > 0) {
            LOG.infof("The page: http://%s:%d/", reachable(event.options().getHost()), port);
        }
    }

    /** From this machine: all interfaces are no address to go to. */
    private static String reachable(String host) {
        if (host.equals("0.0.0.0") || host.equals("::") || host.isEmpty()) {
            return "localhost";
        }
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? '[' + host + ']' : host;
    }
}
