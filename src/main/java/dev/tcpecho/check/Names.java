package dev.tcpecho.check;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Looks host names up, by a deadline: the resolver itself waits for as long as resolv.conf says. */
final class Names {
    static {
        // The JVM's own memory of names outlives the pods behind them.
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    private Names() {}

    /** Every address, in the resolver's order, at least one. */
    static List<InetAddress> addresses(String host, Deadline deadline) throws IOException {
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
        Thread resolver = new Thread(() -> resolve(host, answer), "check-resolver");
        resolver.setDaemon(true);
        resolver.start();
        try {
            return answer.get(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new SocketTimeoutException();
        } catch (ExecutionException e) {
            throw new UnknownHostException(host);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private static void resolve(String host, CompletableFuture<List<InetAddress>> answer) {
        try {
            answer.complete(Arrays.asList(InetAddress.getAllByName(host)));
        } catch (UnknownHostException e) {
            answer.completeExceptionally(e);
        }
    }
}
