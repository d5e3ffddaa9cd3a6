package dev.tcpecho.server;

import io.netty.buffer.ByteBuf;

/**
 * Reads once, echoes at most the read limit, finishes. The FIN goes out first and the close comes after the peer's own:
 * closing while input is unread makes the kernel send a reset, which can overtake the reply.
 */
final class Once implements Conversation {
    private static final byte REPLIED = 1;

    private final int readLimit;
    private final boolean joinFin;

    /** @param joinFin whether the end of the reply waits for the FIN, to leave in one segment with it */
    Once(int readLimit, boolean joinFin) {
        this.readLimit = readLimit;
        this.joinFin = joinFin;
    }

    @Override
    public void received(Connection connection, ByteBuf bytes) {
        if (connection.stage() == REPLIED) {
            connection.discard(bytes);
            return;
        }
        connection.stage(REPLIED);
        int excess = bytes.readableBytes() - readLimit;
        if (excess > 0) {
            connection.discarded(excess);
            bytes.writerIndex(bytes.readerIndex() + readLimit);
        }
        if (joinFin) {
            connection.holdForFin();
        }
        connection.send(bytes);
    }

    @Override
    public void advance(Connection connection) {
        boolean replied = connection.stage() == REPLIED;
        if (connection.inputEnded()) {
            connection.end(replied ? CloseReason.COMPLETE : CloseReason.PEER_FIN);
        } else if (replied) {
            connection.finish();
        }
    }
}
