package dev.tcpecho.bench;

import java.nio.ByteBuffer;
import java.util.Random;

/**
 * The bytes sent, and the check of those that come back. The period is a prime, so that a lost, repeated or swapped
 * message of any usual size differs from what its position demands; each connection starts elsewhere in it.
 */
final class Pattern {
    static final int PERIOD = 65_521;

    private final ByteBuffer bytes;
    private final ByteBuffer view;

    /** @param longest the most bytes written or checked at once */
    Pattern(int longest) {
        byte[] period = new byte[PERIOD];
        new Random(7).nextBytes(period);
        bytes = ByteBuffer.allocateDirect(PERIOD + longest);
        while (bytes.hasRemaining()) {
            bytes.put(period, 0, Math.min(PERIOD, bytes.remaining()));
        }
        view = bytes.duplicate();
    }

    /** The bytes at this position of the stream; valid until the next call. */
    ByteBuffer at(long position, int count) {
        int from = (int) (position % PERIOD);
        return view.limit(from + count).position(from);
    }

    /** Whether all remaining bytes are those that the position demands. */
    boolean matches(ByteBuffer received, long position) {
        return received.mismatch(at(position, received.remaining())) < 0;
    }
}
