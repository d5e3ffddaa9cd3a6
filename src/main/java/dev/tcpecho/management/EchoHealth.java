package dev.tcpecho.management;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.server.EchoServer;
import dev.tcpecho.server.Listener;
import dev.tcpecho.server.ServiceState;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** The three health checks, each with the data that it was decided on. */
@Singleton
final class EchoHealth {
    private static final String NAME = "tcp-echo";

    /** How long an event loop may take to answer, and an acceptor may pause. */
    private static final long BOUND_MILLIS = 2000;

    private final EchoServer service;

    EchoHealth(EchoServer service) {
        this.service = service;
    }

    @Produces
    @Startup
    @Singleton
    HealthCheck started() {
        return () ->
                withState().status(service.state() != ServiceState.STARTING).build();
    }

    @Produces
    @Readiness
    @Singleton
    HealthCheck ready() {
        return () -> {
            HealthCheckResponseBuilder check = withState();
            boolean accepting = service.state() == ServiceState.SERVING;
            for (Listener listener : service.listeners()) {
                for (ListeningSocket socket : listener.sockets()) {
                    boolean open = socket.isListening() && !socket.isAcceptPaused();
                    check.withData(name(listener, socket), open ? ready(listener) : "not accepting");
                    accepting &= open;
                }
            }
            return check.status(accepting).build();
        };
    }

    @Produces
    @Liveness
    @Singleton
    HealthCheck live() {
        return () -> {
            HealthCheckResponseBuilder check = withState();
            boolean live = true;
            if (service.state() == ServiceState.SERVING) {
                for (Listener listener : service.listeners()) {
                    for (ListeningSocket socket : listener.sockets()) {
                        check.withData(name(listener, socket), socket.isListening() ? live(listener) : "closed");
                        live &= socket.isListening();
                    }
                }
            }
            List<String> silent = service.silentLoops(BOUND_MILLIS, TimeUnit.MILLISECONDS);
            check.withData("blockedEventLoops", silent.isEmpty() ? "none" : String.join(", ", silent));
            return check.status(live && silent.isEmpty()).build();
        };
    }

    /** What is asked for is no reason to be taken out of service, or restarted. */
    private static String ready(Listener listener) {
        if (!listener.fault().isAsked()) {
            return "accepting";
        }
        return listener.fault().neverAccepts()
                ? "not accepting, on purpose: fault.accept=never"
                : "accepting, with a fault on purpose: "
                        + String.join(", ", listener.fault().words());
    }

    private static String live(Listener listener) {
        return listener.fault().isAsked() ? "listening, with a fault on purpose" : "listening";
    }

    private HealthCheckResponseBuilder withState() {
        return HealthCheckResponse.named(NAME).withData("state", service.state().toString());
    }

    private static String name(Listener listener, ListeningSocket socket) {
        String name = listener.name() + " " + Addresses.hostPort(socket.address());
        return socket.shard().of() == 1
                ? name
                : name + " shard " + socket.shard().number();
    }
}
