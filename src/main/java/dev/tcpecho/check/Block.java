package dev.tcpecho.check;

import java.io.IOException;

/** Bytes that were sent and are to come back. */
final class Block {
    private final byte[] sent;
    private int received;
    private boolean changed;

    /** @param offset of the first byte in its stream */
    Block(long offset, int length) {
        sent = Bytes.from(offset, length);
    }

    byte[] sent() {
        return sent;
    }

    /** Whether all of it came back; false at an end or at the first byte that is another. */
    boolean receive(Line line, Deadline by) throws IOException {
        byte[] some = new byte[sent.length];
        while (received < sent.length) {
            int read = line.readBy(some, 0, sent.length - received, by);
            for (int i = 0; i < read; i++) {
                if (some[i] != sent[received]) {
                    changed = true;
                    return false;
                }
                received++;
            }
            if (read < 0) {
                return false;
            }
        }
        return true;
    }

    boolean isChanged() {
        return changed;
    }

    int missing() {
        return sent.length - received;
    }
}
