package dev.tcpecho.net;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The one timer of a connection, at the earliest of what it was told; on its event loop alone. */
final class OneTimer {
    private final LongSupplier nanos;
    private final Runnable task;
    private Future<?> scheduled;
    private long time;

    OneTimer(LongSupplier nanos, Runnable task) {
        this.nanos = nanos;
        this.task = task;
    }

    /** @param wanted by the clock in nanoseconds; whoever wanted to be woken later asks again when it is */
    void at(long wanted, EventExecutor loop) {
        if (scheduled != null && time - wanted <= 0) {
            return;
        }
        cancel();
        time = wanted;
        long wait = Math.max(0, wanted - nanos.getAsLong());
        scheduled = loop.schedule(
                () -> {
                    scheduled = null;
                    task.run();
                },
                wait,
                TimeUnit.NANOSECONDS);
    }

    void cancel() {
        if (scheduled != null) {
            scheduled.cancel(false);
            scheduled = null;
        }
    }
}
