package dev.tcpecho.check;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The one point in time by which a whole check must be over. */
record Deadline(long nanoTime) {
    /** A timeout that {@link System#nanoTime} can hold, and that nobody waits out. */
    static final Duration LONGEST = Duration.ofDays(365);

    static Deadline in(Duration timeout) {
        return new Deadline(System.nanoTime() + timeout.toNanos());
    }

    /** This one, or a nearer one. */
    Deadline orIn(Duration timeout) {
        Deadline other = in(timeout);
        return other.nanoTime - nanoTime < 0 ? other : this;
    }

    /**
     * Rounded up, so that what waits for as long finds it over. From 1, since zero means "for ever" to a socket, to
     * what an int holds: 24 days.
     */
    int remainingMillis() {
        return (int) Math.min(Integer.MAX_VALUE, (remaining().toNanos() + 999_999) / 1_000_000);
    }

    Duration remaining() {
        return Duration.ofNanos(Math.max(1, nanoTime - System.nanoTime()));
    }

    boolean isOver() {
        return System.nanoTime() - nanoTime >= 0;
    }

    /** Lets time pass, as much as there is at most. */
    void pause(Duration time) {
        Deadline end = orIn(time);
        while (!end.isOver() && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, end.remaining().toNanos());
        }
    }
}
