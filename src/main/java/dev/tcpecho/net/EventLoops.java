package dev.tcpecho.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The event loops as one sees them from outside: their names, and whether they still turn. */
public final class EventLoops {
    private EventLoops() {}

    /** All of the managed Vert.x, in a stable order. */
    public static List<EventLoop> of(Vertx vertx) {
        List<EventLoop> loops = new ArrayList<>();
        ((VertxInternal) vertx).getEventLoopGroup().forEach(loop -> loops.add((EventLoop) loop));
        return List.copyOf(loops);
    }

    /** The name of its thread, which is started if it was not; then, and only then, this blocks. */
    public static String name(EventExecutor loop) {
        return loop instanceof SingleThreadEventExecutor executor
                ? executor.threadProperties().name()
                : loop.toString();
    }

    /** Thread names of the loops that did not run a task within the bound; all are asked at once. */
    public static List<String> silent(Collection<EventExecutor> loops, Duration bound) {
        Map<EventExecutor, Future<?>> answers = new LinkedHashMap<>();
        loops.forEach(loop -> answers.put(loop, loop.submit(() -> {})));
        long deadline = System.nanoTime() + bound.toNanos();
        List<String> silent = new ArrayList<>();
        answers.forEach((loop, answer) -> {
            if (!answer.awaitUninterruptibly(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                silent.add(name(loop));
            }
        });
        return silent;
    }
}
