package dev.tcpecho.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Sends characters without end, whatever the peer sends, until the peer finishes (RFC 864): lines of 72 of the 95
 * printable characters, each line beginning with the next of them. Every connection sends the same memory, piece by
 * piece, the next when the kernel has taken the one before: what a peer does not read costs nothing.
 */
final class Chargen implements Conversation {
    private static final byte SPEAKING = 1;

    private static final char FIRST = ' ';
    private static final int CHARACTERS = '~' - FIRST + 1;
    private static final int LINE = 72;

    /** After so many bytes the lines begin anew, so that each piece can be the same. */
    static final int PERIOD = CHARACTERS * (LINE + 2);

    /** About 64 KiB: enough at a time for full speed, and soon another connection's turn. */
    private static final int PERIODS = 9;

    private static final ByteBuf PIECE = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(PERIODS * PERIOD).writeBytes(lines(PERIODS)).asReadOnly());

    /** What stands in front has let the connection pass. */
    @Override
    public void opened(Connection connection) {
        connection.stage(SPEAKING);
    }

    @Override
    public void received(Connection connection, ByteBuf bytes) {
        connection.discard(bytes);
    }

    @Override
    public void advance(Connection connection) {
        if (connection.inputEnded()) {
            connection.end(CloseReason.PEER_FIN);
            return;
        }
        if (connection.stage() != SPEAKING) {
            return;
        }
        if (connection.entrance().isEmpty()) {
            connection.send(PIECE.duplicate());
        } else if (connection.maySpeak(PERIOD)) {
            // Handlers in front, such as TLS, make something of their own of it, which then waits: less at a time.
            connection.send(PIECE.slice(0, PERIOD));
        } else {
            return;
        }
        if (connection.owed() == 0) {
            connection.again();
        }
    }

    @Override
    public boolean readsWhileOwing() {
        return true;
    }

    @Override
    public boolean speaksUnasked() {
        return true;
    }

    private static byte[] lines(int periods) {
        byte[] bytes = new byte[periods * PERIOD];
        for (int at = 0, line = 0; at < bytes.length; line++) {
            for (int i = 0; i < LINE; i++) {
                bytes[at++] = (byte) (FIRST + (line + i) % CHARACTERS);
            }
            bytes[at++] = '\r';
            bytes[at++] = '\n';
        }
        return bytes;
    }
}
