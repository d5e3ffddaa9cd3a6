package dev.tcpecho.check;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Opens connections. A service that is about to start refuses them, or has no address yet: until the deadline such a
 * failure is tried again.
 */
final class Dialer {
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    private final Entrance entrance;

    Dialer(Entrance entrance) {
        this.entrance = entrance;
    }

    /** Tries every address of the name, again and again until the deadline; then throws the last failure. */
    Line dial(HostAndPort target, Deadline deadline) throws IOException {
        return enter(connect(target, deadline), target);
    }

    /** One address, one try. @param target whose address it is */
    Line dial(InetAddress address, HostAndPort target, Deadline deadline) throws IOException {
        return enter(Line.connect(new InetSocketAddress(address, target.port()), deadline, deadline), target);
    }

    private Line enter(Line line, HostAndPort target) throws IOException {
        try {
            if (entrance.header() != null) {
                line.out().write(entrance.header().of(line.local(), line.remote()));
            }
            if (entrance.tls() != null) {
                line.secure(entrance.tls(), target);
            }
            return line;
        } catch (IOException e) {
            line.close();
            throw e;
        }
    }

    private static Line connect(HostAndPort target, Deadline deadline) throws IOException {
        IOException last;
        do {
            try {
                return first(Names.addresses(target.host(), deadline), target.port(), deadline);
            } catch (ConnectException | NoRouteToHostException | UnknownHostException | SocketTimeoutException e) {
                last = e;
            }
            deadline.pause(BETWEEN_TRIES);
        } while (!deadline.isOver());
        throw last;
    }

    /** Of several addresses one that swallows packets must leave time for the others. */
    private static Line first(List<InetAddress> addresses, int port, Deadline deadline) throws IOException {
        IOException last = null;
        for (int i = 0; i < addresses.size(); i++) {
            Deadline share = deadline.orIn(deadline.remaining().dividedBy(addresses.size() - i));
            try {
                return Line.connect(new InetSocketAddress(addresses.get(i), port), share, deadline);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }
}
