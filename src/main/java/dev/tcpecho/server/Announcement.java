package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.Transport;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** What is said when the listeners are bound: what falls short, where it serves, and who else listens there. */
final class Announcement {
    /** The life story of the service is told in one name. */
    private static final Logger LOG = Logger.getLogger(EchoServer.class);

    private final List<Listener> listeners;

    Announcement(List<Listener> listeners) {
        this.listeners = listeners;
    }

    /** @throws StartException with all shortfalls, when the policy is to fail */
    void shortfalls(ShortfallPolicy policy) {
        if (policy == ShortfallPolicy.OFF) {
            return;
        }
        if (policy == ShortfallPolicy.WARN) {
            Shortfalls.briefly(listeners).forEach(LOG::warn);
            return;
        }
        List<String> shortfalls =
                listeners.stream().flatMap(Shortfalls::withAdvice).toList();
        if (!shortfalls.isEmpty()) {
            throw new StartException(String.join(System.lineSeparator(), shortfalls));
        }
    }

    void serving(Transport transport) {
        LOG.infof("Serving on %s, transport %s", boundAddresses(), transport.name());
    }

    /** A second instance that was started by accident looks healthy, and gets a part of the connections. */
    void competition() {
        for (Listener listener : listeners) {
            listener.sockets().stream()
                    .filter(socket -> socket.shard().number() == 0)
                    .forEach(socket -> socket.others()
                            .forEach(other -> LOG.warnf(
                                    "listener %s: another process listens on %s as well as we on %s, and gets %s. If that"
                                            + " is a second instance by accident, stop it, and set %s=false so that"
                                            + " it cannot happen (find it with: ss -ltnp)",
                                    listener.name(),
                                    Addresses.text(other.address()),
                                    Addresses.text(socket.address()),
                                    other.takes(),
                                    ConfiguredListeners.key(listener.name(), "socket.reuse-port"))));
        }
    }

    private String boundAddresses() {
        return listeners.stream()
                .flatMap(listener -> listener.sockets().stream()
                        .map(socket -> (isDefault(listener) ? "" : listener.name() + " ")
                                + Addresses.text(socket.address())
                                + fault(listener)))
                .collect(Collectors.joining(", "));
    }

    private static String fault(Listener listener) {
        List<String> words = listener.fault().words();
        return words.isEmpty() ? "" : " (fault " + String.join(", ", words) + ")";
    }

    private static boolean isDefault(Listener listener) {
        return listener.name().equals(EchoConfig.DEFAULT_LISTENER);
    }
}
