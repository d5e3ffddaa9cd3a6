package dev.tcpecho.server;

import dev.tcpecho.option.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The service: the default listener's keys, further listeners, and what concerns them all. */
@ConfigMapping(prefix = "echo")
public interface EchoConfig extends ListenerConfig {
    String DEFAULT_LISTENER = "default";

    /** Further listeners by name, each with the default listener's keys and defaults. */
    Map<String, ListenerConfig> listeners();

    /** Shutdown: readiness is down and listeners still accept, while load balancers turn away. */
    @WithDefault("0S")
    @WithConverter(Bounds.TimeoutOrNever.class)
    Duration drainDelay();

    /** Shutdown: how long open connections may finish after the listeners closed. */
    @WithDefault("10S")
    @WithConverter(Bounds.TimeoutOrNever.class)
    Duration drainTimeout();

    /** What to do at start when the kernel gives less than asked: {@code off}, {@code warn} or {@code fail}. */
    @WithDefault("warn")
    ShortfallPolicy shortfall();

    ConnectionsReport connections();

    /** {@code echo.connections.*}: what the side port shows of single connections. */
    interface ConnectionsReport {
        /** Serve {@code /connections}, which shows the addresses of peers. */
        @WithDefault("false")
        @WithConverter(Bounds.Flag.class)
        boolean enabled();

        /** Ended connections that {@code /connections/closed} remembers while connections are shown; 0 = none. */
        @WithDefault("1000")
        @WithConverter(Bounds.Remembered.class)
        int closed();
    }

    SidePort sidePort();

    /** {@code echo.side-port.*}: the HTTP side port, beside what {@code quarkus.http.*} says of it. */
    interface SidePort {
        /** Further host names to answer to; needed beyond loopback names only where any at all are given. */
        Optional<List<String>> hosts();

        /** Connections at a time. */
        @WithDefault("64")
        @WithConverter(Bounds.Count.class)
        int maxConnections();

        Page page();

        /** {@code echo.side-port.page.*}: the page at {@code /}. */
        interface Page {
            /** Serve the page at {@code /}. */
            @WithDefault("true")
            @WithConverter(Bounds.Flag.class)
            boolean enabled();
        }
    }

    Dev dev();

    /** {@code echo.dev.*}: dev mode alone. */
    interface Dev {
        /** A TCP connection looks for edits first, as an HTTP request does. */
        @WithDefault("true")
        @WithConverter(Bounds.Flag.class)
        boolean reloadOnConnect();
    }
}
