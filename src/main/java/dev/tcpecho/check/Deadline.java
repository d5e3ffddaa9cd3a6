package dev.tcpecho.check;

import java.time.Duration;

/** The one point in time by which a whole check must be over. */
record Deadline(long nanoTime) {
    static Deadline in(Duration timeout) {
        return new Deadline(System.nanoTime() + timeout.toNanos());
    }

    /** At least 1: zero means "for ever" to a socket. */
    int remainingMillis() {
        return (int) Math.max(1, remaining().toMillis());
    }

    Duration remaining() {
        return Duration.ofNanos(Math.max(1, nanoTime - System.nanoTime()));
    }

    boolean isOver() {
        return System.nanoTime() - nanoTime >= 0;
    }
}
