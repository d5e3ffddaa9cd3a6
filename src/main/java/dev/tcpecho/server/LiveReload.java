package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.EditGate;
import dev.tcpecho.net.ListeningSocket;
import io.netty.channel.Channel;
import io.quarkus.dev.console.DevConsoleManager;
import io.quarkus.dev.spi.HotReplacementContext;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Dev mode: a connection looks for edits first. When there is one, the generation that accepted it stops, but goes on
 * listening behind a gate that lets nobody in; the next one closes those sockets, binds its own, and answers who
 * waited. While none can start, whoever comes is reset, and the gate goes on looking for the next edit.
 */
final class LiveReload {
    private static final Logger LOG = Logger.getLogger(LiveReload.class);
    private static final int LONGEST = 500;

    private final EchoServer server;
    private final boolean looks;
    private final HotReplacementContext edits;
    private final EditGate gate;
    private final Estate estate = Estate.ofThisSession();
    private volatile List<Channel> waiting = List.of();
    private String told = "";

    /** @param looks whether connections look for edits; those of the generation before may have */
    LiveReload(EchoServer server, boolean looks, HotReplacementContext edits) {
        this.server = server;
        this.looks = looks;
        this.edits = edits;
        this.gate = new EditGate(this::search, this::turnedAway);
    }

    /** None where nobody looks for edits. */
    static Optional<LiveReload> of(EchoServer server, boolean looks) {
        return Optional.ofNullable(DevConsoleManager.getHotReplacementContext())
                .map(edits -> new LiveReload(server, looks, edits));
    }

    /** Also waits for a reload that an HTTP request or a key began. */
    private Optional<Throwable> search() {
        try {
            edits.doScan(false);
        } catch (Exception e) { // as Quarkus' interface declares it
            return Optional.of(e);
        }
        Optional<Throwable> problem = Optional.ofNullable(edits.getDeploymentProblem());
        if (problem.isEmpty()) {
            forgetWhatWasTold();
        }
        return problem;
    }

    /** Before the start: the ports are free then. */
    CompletableFuture<Void> takeOver() {
        return estate.close().thenAccept(waiters -> waiting = waiters);
    }

    /** After the start; complete when the next connection looks for edits. */
    CompletableFuture<Void> serving() {
        waiting.forEach(this::answer);
        waiting = List.of();
        estate.forget();
        RecordedClasses.forget(edits);
        return looks ? putBehindTheGate() : CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> putBehindTheGate() {
        return CompletableFuture.allOf(
                sockets().map(socket -> socket.adoption().putBehind(gate)).toArray(CompletableFuture[]::new));
    }

    private void answer(Channel accepted) {
        sockets()
                .filter(socket -> socket.adoption().covers(accepted))
                .min(Comparator.comparing(
                        socket -> socket.address().getAddress().isAnyLocalAddress()))
                .ifPresentOrElse(socket -> socket.adoption().adopt(accepted), () -> {
                    LOG.infof(
                            "A connection that looked for edits is reset: %s is not listened on any more",
                            Addresses.text((InetSocketAddress) accepted.localAddress()));
                    EditGate.turnAway(accepted);
                });
    }

    /** The start failed: those who waited are reset, and the ports of the generation before look for the next edit. */
    CompletableFuture<Void> failed() {
        waiting.forEach(EditGate::turnAway);
        waiting = List.of();
        return estate.listenAgain().thenAccept(nobody -> {}).exceptionally(failure -> {
            LOG.info("Nothing listens: the next edit is seen by an HTTP request", failure);
            return null;
        });
    }

    CompletableFuture<Void> stop() {
        if (!looks || server.state() != ServiceState.SERVING) {
            return server.stop();
        }
        gate.shut();
        estate.leave(this::close, this::listenAgain);
        return server.leave();
    }

    private CompletableFuture<List<Channel>> close() {
        return server.bound().close().thenApply(closed -> {
            sockets().forEach(ListeningSocket::forget);
            return gate.take();
        });
    }

    private CompletableFuture<List<Channel>> listenAgain() {
        return server.bound()
                .listenAgain()
                .thenCompose(bound -> putBehindTheGate())
                .thenApply(behind -> List.of());
    }

    private Stream<ListeningSocket> sockets() {
        return server.listeners().stream().flatMap(listener -> listener.sockets().stream());
    }

    /** Once for each problem: it stays the same until the next edit. */
    private synchronized void turnedAway(Optional<Throwable> problem) {
        String why = problem.map(LiveReload::text).orElse("no application runs");
        if (!why.equals(told)) {
            told = why;
            LOG.errorf("Connections are reset until the next good edit: %s", why);
        }
    }

    private synchronized void forgetWhatWasTold() {
        told = "";
    }

    private static String text(Throwable problem) {
        Throwable root = problem;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String text = root.toString().strip();
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    }
}
