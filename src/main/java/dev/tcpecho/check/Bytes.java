package dev.tcpecho.check;

/** A pattern in which no block is like another, so that bytes that are lost, doubled or swapped are seen. */
final class Bytes {
    private static final long STEP = 0x9e3779b97f4a7c15L;

    private Bytes() {}

    static byte[] from(long offset, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(offset + i);
        }
        return bytes;
    }

    static byte at(long offset) {
        long mixed = (offset + 1) * STEP;
        return (byte) (mixed ^ mixed >>> 29 ^ mixed >>> 47);
    }
}
