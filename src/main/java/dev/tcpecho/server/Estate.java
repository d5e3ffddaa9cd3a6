package dev.tcpecho.server;

import io.netty.channel.Channel;
import io.quarkus.dev.console.DevConsoleManager;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Dev mode: what a stopped generation leaves to the next one: sockets that listen, and who waits at them. Their classes
 * are not the same, so that it is kept where all generations look, and in types that they share.
 */
final class Estate {
    private static final String KEY = "dev.tcpecho.estate";
    private static final String CLOSE = "close";
    private static final String LISTEN_AGAIN = "listen again";

    private final Map<String, Supplier<CompletableFuture<List<Channel>>>> left;

    private Estate(Map<String, Supplier<CompletableFuture<List<Channel>>>> left) {
        this.left = left;
    }

    static synchronized Estate ofThisSession() {
        Map<String, Supplier<CompletableFuture<List<Channel>>>> left = DevConsoleManager.getGlobal(KEY);
        if (left == null) {
            left = new ConcurrentHashMap<>();
            DevConsoleManager.setGlobal(KEY, left);
        }
        return new Estate(left);
    }

    /**
     * @param close closes the sockets, then answers who waits
     * @param listenAgain where they listened, after {@code close}; answers nobody
     */
    void leave(
            Supplier<CompletableFuture<List<Channel>>> close, Supplier<CompletableFuture<List<Channel>>> listenAgain) {
        left.put(CLOSE, close);
        left.put(LISTEN_AGAIN, listenAgain);
    }

    /** Nobody waits at sockets that were not left. */
    CompletableFuture<List<Channel>> close() {
        return left.getOrDefault(CLOSE, Estate::nobody).get();
    }

    CompletableFuture<List<Channel>> listenAgain() {
        return left.getOrDefault(LISTEN_AGAIN, Estate::nobody).get();
    }

    /** Lets go of the generation that left it. */
    void forget() {
        left.clear();
    }

    private static CompletableFuture<List<Channel>> nobody() {
        return CompletableFuture.completedFuture(List.of());
    }
}
