package dev.tcpecho.net;

/**
 * Thrown to Netty in place of a buffer, and from there into the pipeline: there is no memory that could keep what the
 * read would bring. The bytes stay with the kernel.
 */
public final class NoRoom extends RuntimeException {
    private static final long serialVersionUID = 1L;

    static final NoRoom INSTANCE = new NoRoom();

    private NoRoom() {
        super("no room for what a read would bring", null, false, false);
    }
}
