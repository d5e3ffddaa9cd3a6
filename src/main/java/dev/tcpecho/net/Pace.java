package dev.tcpecho.net;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** How large the next piece of a reply is, and when it may go: the rate and the knife of one connection. */
final class Pace {
    /** With a rate, bytes of so much time go in one piece, and whoever was late or silent makes up for so much. */
    private static final long AT_ONCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Fault fault;
    private final SplittableRandom random;
    private long freeAt;
    private int size;

    /** @param now of a clock in nanoseconds */
    Pace(Fault fault, SplittableRandom random, long now) {
        this.fault = fault;
        this.random = random;
        this.freeAt = now;
    }

    /**
     * When the next piece may go. It is the same until it is {@link #take taken}.
     *
     * @param most bytes of it
     * @param due before which it may not
     */
    long next(long most, long due, long now) {
        if (size == 0) {
            size = (int) Math.min(most, size());
            freeAt = later(freeAt, later(now, due) - AT_ONCE_NANOS) + cost(size);
        }
        return fault.rate().isPresent() ? later(freeAt, due) : due;
    }

    /** Bytes of the piece that goes now. */
    int take() {
        int taken = size;
        size = 0;
        return taken;
    }

    private long size() {
        if (fault.chunk().isPresent()) {
            return random.nextLong(
                    fault.chunk().get().least(), fault.chunk().get().most() + 1);
        }
        return fault.rate().isPresent()
                ? Math.max(1, fault.rate().getAsLong() * AT_ONCE_NANOS / SECOND_NANOS)
                : Long.MAX_VALUE;
    }

    private long cost(int bytes) {
        return fault.rate().isPresent() ? bytes * SECOND_NANOS / fault.rate().getAsLong() : 0;
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }
}
