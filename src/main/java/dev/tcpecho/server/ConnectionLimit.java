package dev.tcpecho.server;

import java.util.Locale;

/**
 * How many connections a listener serves at a time.
 *
 * @param asked by {@code max-connections}
 * @param inForce no more than asked, and 1 at least
 * @param cause what lowered it
 */
public record ConnectionLimit(int asked, int inForce, Cause cause) {
    /** What a limit comes from. */
    public enum Cause {
        /** It is as asked. */
        ASKED,
        /** The files that this process may open, of which each connection takes one. */
        DESCRIPTORS,
        /** Half of the heap, of which each connection with TLS takes some kilobytes. */
        HEAP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
