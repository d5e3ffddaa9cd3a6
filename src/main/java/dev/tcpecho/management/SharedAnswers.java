package dev.tcpecho.management;

import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Makes answers off the event loops on a few threads of its own. All who ask the same while it waits to be made get one
 * answer; when much is asked, all who ask within half a second do.
 */
final class SharedAnswers {
    private static final long SHARED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** So many in half a second are made for those who ask: a person, a page and a scraper never see an older one. */
    private static final int FRESH = 10;

    /** So many wait at a time; the others are told to come again, which leaves places to probes. */
    private static final int MOST_ASKERS = 16;

    /** Answers that are kept for half a second; each may be large. */
    private static final int KEPT = 4;

    private final ThreadPoolExecutor threads;
    private final int waitingAtMost;
    private final AtomicInteger askers = new AtomicInteger();
    private final Map<Object, CompletableFuture<Answer>> waiting = new HashMap<>();
    private final Map<Object, Answer> made = new LinkedHashMap<>();
    private long windowSince = System.nanoTime();
    private int madeInWindow;

    /** @param waitingAtMost different answers that wait to be made; one more is refused */
    SharedAnswers(String name, int threads, int waitingAtMost) {
        this.waitingAtMost = waitingAtMost;
        this.threads =
                new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        this.threads.allowCoreThreadTimeOut(true);
    }

    /** @param key equal for those who may share an answer */
    void send(RoutingContext context, Object key, Supplier<Answer> make) {
        Context loop = context.vertx().getOrCreateContext();
        CompletableFuture<Answer> answer = askers.get() < MOST_ASKERS ? ask(key, make) : null;
        if (answer == null) {
            Answers.busy(context);
            return;
        }
        askers.incrementAndGet();
        answer.whenComplete((made, failure) -> loop.runOnContext(on -> {
            askers.decrementAndGet();
            if (failure == null) {
                Answers.send(context, made);
            } else {
                context.fail(failure);
            }
        }));
    }

    /** Null when too much waits already. */
    private synchronized CompletableFuture<Answer> ask(Object key, Supplier<Answer> make) {
        long now = System.nanoTime();
        if (now - windowSince > SHARED_NANOS) {
            windowSince = now;
            madeInWindow = 0;
            made.clear();
        }
        if (madeInWindow >= FRESH && made.containsKey(key)) {
            return CompletableFuture.completedFuture(made.get(key));
        }
        CompletableFuture<Answer> joined = waiting.get(key);
        if (joined != null) {
            return joined;
        }
        if (waiting.size() >= waitingAtMost) {
            return null;
        }
        CompletableFuture<Answer> mine = CompletableFuture.supplyAsync(() -> make(key, make), threads);
        waiting.put(key, mine);
        return mine;
    }

    /** Whoever asks from here on may know more than this answer will tell, and gets the next. */
    private Answer make(Object key, Supplier<Answer> make) {
        synchronized (this) {
            waiting.remove(key);
        }
        Answer answer = make.get();
        synchronized (this) {
            madeInWindow++;
            if (made.size() < KEPT || made.containsKey(key)) {
                made.put(key, answer);
            }
        }
        return answer;
    }

    void stop() {
        threads.shutdownNow();
    }
}
