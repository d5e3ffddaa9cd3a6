package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.ListeningSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Connects to a listener once, so that the report knows from the start what an accepted connection has. It informs:
 * only bytes that we ourselves changed end the start. The proof that a connection is ours is that it was seen at
 * accept, as the kernel may give it to another process that shares the port.
 */
final class StartUpCheck {
    /** For all listeners together; they are checked side by side. */
    static final Duration BOUND = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(StartUpCheck.class);

    /** How long a connection is waited for before another one is tried. */
    private static final long PATIENCE_MILLIS = 150;

    private static final int BYTES = 8;

    private final Listener listener;
    private final InetSocketAddress address;
    private final long deadline;

    private StartUpCheck(Listener listener, InetSocketAddress address, long deadline) {
        this.listener = listener;
        this.address = address;
        this.deadline = deadline;
    }

    /**
     * @param workers threads that may block
     * @return completes within {@link #BOUND}, or that of {@link FullQueue}; fails with a {@link StartException} when
     *     bytes came back changed
     */
    static CompletableFuture<Void> run(List<Listener> listeners, Executor workers) {
        long deadline = System.nanoTime() + BOUND.toNanos();
        List<CompletableFuture<Void>> checks = new ArrayList<>();
        for (Listener listener : listeners) {
            if (listener.fault().neverAccepts()) {
                listener.admission()
                        .accepted()
                        .areUnknown("it accepts nothing, as " + EchoKeys.property(listener.name(), "fault.accept")
                                + "=never asks");
                checks.add(CompletableFuture.runAsync(() -> FullQueue.fill(listener), workers));
                continue;
            }
            Set<InetSocketAddress> addresses = new LinkedHashSet<>();
            listener.sockets().stream().map(ListeningSocket::address).forEach(addresses::add);
            for (InetSocketAddress address : addresses) {
                checks.add(CompletableFuture.runAsync(new StartUpCheck(listener, address, deadline)::run, workers));
            }
        }
        return CompletableFuture.allOf(checks.toArray(CompletableFuture[]::new));
    }

    private void run() {
        String failure = "it could not be reached from here";
        List<InetAddress> targets = OwnAddresses.leadingTo(address.getAddress());
        for (int i = 0; System.nanoTime() - deadline < 0; i++) {
            try {
                if (isSeen(new InetSocketAddress(targets.get(i % targets.size()), address.getPort()))) {
                    return;
                }
                failure = "another process that shares the port took the connections of the check";
            } catch (IOException e) {
                failure = "it cannot be reached from here: " + e.getMessage();
                if (targets.size() == 1) {
                    break;
                }
                targets.remove(i % targets.size());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        listener.admission().accepted().areUnknown(failure);
        LOG.warnf(
                "listener %s: the start-up check of %s found nothing out: %s; what an accepted connection has is known"
                        + " from the first client on",
                listener.name(), Addresses.text(address), failure);
    }

    private boolean isSeen(InetSocketAddress target) throws IOException, InterruptedException {
        try (Socket client = new Socket()) {
            client.bind(new InetSocketAddress(target.getAddress(), 0));
            InetSocketAddress from = (InetSocketAddress) client.getLocalSocketAddress();
            CompletableFuture<Void> seen = listener.admission().expectCheck(from);
            try {
                client.connect(target, remainingMillis());
                byte[] sent = bytes();
                client.getOutputStream().write(sent); // with TCP_DEFER_ACCEPT nothing is accepted before
                seen.get(Math.min(PATIENCE_MILLIS, remainingMillis()), TimeUnit.MILLISECONDS);
                if (listener.config().mode().echoes()) {
                    compareBytes(client, sent);
                }
                return true;
            } catch (TimeoutException | ExecutionException e) {
                return false;
            } finally {
                listener.admission().forgetCheck(from);
            }
        }
    }

    private byte[] bytes() {
        byte[] bytes = new byte[Math.min(BYTES, listener.config().readLimit())];
        ThreadLocalRandom.current().nextBytes(bytes);
        return bytes;
    }

    private void compareBytes(Socket client, byte[] sent) throws SocketException {
        client.setSoTimeout(remainingMillis());
        byte[] back;
        try {
            back = client.getInputStream().readNBytes(sent.length);
        } catch (IOException e) {
            LOG.warnf(
                    "listener %s: the bytes of the start-up check of %s did not come back in time",
                    listener.name(), Addresses.text(address));
            return;
        }
        if (!Arrays.equals(sent, back)) {
            throw new StartException("listener " + listener.name() + ": the start-up check of "
                    + Addresses.text(address) + " failed: the bytes that came back are not those that were sent");
        }
    }

    /** At least 1, since 0 would stand for no bound. */
    private int remainingMillis() {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    }
}
