package dev.tcpecho.check;

import dev.tcpecho.check.Line.SocketMaker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** Opens connections, and what stands before their bytes. */
final class Dialer {
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    private final Entrance entrance;
    private final SocketMaker maker;

    Dialer(Entrance entrance) {
        this(entrance, address -> new Socket());
    }

    private Dialer(Entrance entrance, SocketMaker maker) {
        this.entrance = entrance;
        this.maker = maker;
    }

    /** The same with other sockets. */
    Dialer with(SocketMaker other) {
        return new Dialer(entrance, other);
    }

    /**
     * Tries every address of the name, again and again until the deadline; then throws the last failure. A service that
     * is about to start refuses connections, or has no address yet.
     */
    Line dial(HostAndPort target, Deadline deadline) throws IOException {
        return persistently(() -> dialOnce(target, deadline, deadline), deadline);
    }

    /** As {@link #dial(HostAndPort, Deadline)}, but to this address of the name, and no other. */
    Line dial(InetAddress address, HostAndPort target, Deadline deadline) throws IOException {
        InetSocketAddress socket = new InetSocketAddress(address, target.port());
        return persistently(() -> enter(Line.connect(socket, maker, deadline, deadline), target), deadline);
    }

    interface Try<T> {
        T once() throws IOException;
    }

    static <T> T persistently(Try<T> attempt, Deadline deadline) throws IOException {
        IOException last;
        do {
            try {
                return attempt.once();
            } catch (ConnectException | NoRouteToHostException | UnknownHostException | SocketTimeoutException e) {
                last = e;
            }
            deadline.pause(BETWEEN_TRIES);
        } while (!deadline.isOver());
        throw last;
    }

    /** Tries every address of the name once. Of several one that swallows packets must leave time for the others. */
    Line dialOnce(HostAndPort target, Deadline connectBy, Deadline deadline) throws IOException {
        List<InetAddress> addresses = Names.addresses(target.host(), connectBy);
        IOException last = null;
        for (int i = 0; i < addresses.size(); i++) {
            Deadline share = connectBy.orIn(connectBy.remaining().dividedBy(addresses.size() - i));
            try {
                InetSocketAddress address = new InetSocketAddress(addresses.get(i), target.port());
                return enter(Line.connect(address, maker, share, deadline), target);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
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
}
