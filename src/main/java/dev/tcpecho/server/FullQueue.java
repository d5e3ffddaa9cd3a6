package dev.tcpecho.server;

import dev.tcpecho.net.AcceptQueue;
import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.ListeningSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Fills the accept queues of a listener that never accepts, so that the kernel drops every further SYN: a client's
 * connect() then times out from the first try on. A queue of backlog N holds N + 1. Each connection ends at once on our
 * side, and needs no descriptor any more; the kernel keeps its other end in the queue until somebody accepts it.
 */
final class FullQueue {
    /** For all sockets of a listener. */
    static final Duration BOUND = Duration.ofSeconds(5);

    private static final Logger LOG = Logger.getLogger(FullQueue.class);

    /** A SYN that is not answered in this time was dropped: the queue is full, or others share the port. */
    private static final int CONNECT_MILLIS = 200;

    private FullQueue() {}

    /** Blocks for {@link #BOUND} at most, and tells the listener how far it came. */
    static void fill(Listener listener) {
        long deadline = System.nanoTime() + BOUND.toNanos();
        List<String> told = new ArrayList<>();
        for (ListeningSocket socket : listener.sockets()) {
            int made = fill(socket, deadline);
            AcceptQueue queue = socket.acceptQueue();
            boolean full = queue.max() < 0 || queue.current() > queue.max();
            told.add(made + (made == 1 ? " connection" : " connections") + " of the service to itself at "
                    + Addresses.hostPort(socket.address()) + (full ? "" : ", and it is not full"));
            if (!full) {
                LOG.warnf(
                        "listener %s: its queue at %s has %d of %d and could not be filled in time: the first connects"
                                + " succeed and are never accepted. Lower %s",
                        listener.name(),
                        Addresses.text(socket.address()),
                        queue.current(),
                        queue.max() + 1,
                        EchoKeys.property(listener.name(), "socket.accept-backlog"));
            }
        }
        listener.fault().filledBy(told.stream().collect(Collectors.joining("; ")));
    }

    private static int fill(ListeningSocket socket, long deadline) {
        List<InetAddress> targets = OwnAddresses.leadingTo(socket.address().getAddress());
        int made = 0;
        while (System.nanoTime() - deadline < 0 && !targets.isEmpty() && hasRoom(socket, made)) {
            try (Socket client = new Socket()) {
                client.connect(
                        new InetSocketAddress(targets.get(0), socket.address().getPort()), CONNECT_MILLIS);
                client.getOutputStream().write('.'); // with TCP_DEFER_ACCEPT nothing is queued before
                made++;
            } catch (IOException e) {
                if (!hasRoom(socket, made)) {
                    break;
                }
                targets.remove(0);
            }
        }
        return made;
    }

    /** Where the kernel does not tell its length, a connect that fails is the end. */
    private static boolean hasRoom(ListeningSocket socket, int made) {
        AcceptQueue queue = socket.acceptQueue();
        return queue.max() < 0 || (queue.current() < 0 ? made <= queue.max() : queue.current() <= queue.max());
    }
}
