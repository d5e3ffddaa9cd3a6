package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.ListeningSocket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * Connects to a listener once and sees its bytes come back: only then is the service ready, and the report knows what
 * an accepted connection has. With SO_REUSEPORT the kernel may give the connection to another process; then it tries
 * again.
 */
final class StartUpCheck {
    private static final Logger LOG = Logger.getLogger(StartUpCheck.class);
    private static final int TRIES = 16;
    private static final int TIMEOUT_MILLIS = 5000;
    private static final int BYTES = 8;

    private StartUpCheck() {}

    /**
     * Blocks until the bytes are back.
     *
     * @throws StartException when the listener does not answer
     */
    static void run(Listener listener, ListeningSocket socket) {
        InetSocketAddress target = reachable(socket.address());
        for (int i = 0; i < TRIES; i++) {
            try {
                if (isOurs(listener, target)) {
                    return;
                }
            } catch (IOException e) {
                throw new StartException("listener " + listener.name() + ": the start-up check of "
                        + Addresses.text(socket.address()) + " failed: " + e.getMessage());
            }
        }
        LOG.warnf(
                "listener %s: another process shares %s and took all %d check connections; what an accepted connection"
                        + " has is known only from the first client on",
                listener.name(), Addresses.text(socket.address()), TRIES);
    }

    private static boolean isOurs(Listener listener, InetSocketAddress target) throws IOException {
        try (Socket client = new Socket()) {
            client.setSoTimeout(TIMEOUT_MILLIS);
            client.bind(new InetSocketAddress(target.getAddress(), 0));
            InetSocketAddress from = (InetSocketAddress) client.getLocalSocketAddress();
            listener.expectCheck(from);
            client.connect(target, TIMEOUT_MILLIS);
            byte[] sent = new byte[Math.min(BYTES, listener.config().readLimit())];
            ThreadLocalRandom.current().nextBytes(sent);
            client.getOutputStream().write(sent);
            byte[] back;
            try {
                back = client.getInputStream().readNBytes(sent.length);
            } catch (IOException e) {
                if (listener.isCheckMissing(from)) {
                    return false;
                }
                throw e;
            }
            if (listener.isCheckMissing(from)) {
                return false;
            }
            if (!Arrays.equals(sent, back)) {
                throw new IOException("the bytes that came back are not those that were sent");
            }
            return true;
        }
    }

    /** A wildcard address is asked through the loopback interface. */
    private static InetSocketAddress reachable(InetSocketAddress bound) throws StartException {
        InetAddress address = bound.getAddress();
        if (!address.isAnyLocalAddress()) {
            return bound;
        }
        String loopback = address instanceof Inet6Address ? "::1" : "127.0.0.1";
        return new InetSocketAddress(loopback, bound.getPort());
    }
}
