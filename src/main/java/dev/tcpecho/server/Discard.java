package dev.tcpecho.server;

import io.netty.buffer.ByteBuf;

/** Reads and throws away until the peer finishes, and never says a word (RFC 863). */
final class Discard implements Conversation {
    @Override
    public void received(Connection connection, ByteBuf bytes) {
        connection.discard(bytes);
    }

    @Override
    public void advance(Connection connection) {
        if (connection.inputEnded()) {
            connection.end(CloseReason.PEER_FIN);
        }
    }
}
