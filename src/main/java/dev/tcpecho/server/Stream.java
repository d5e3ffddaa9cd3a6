package dev.tcpecho.server;

import io.netty.buffer.ByteBuf;

/** Every byte back until the peer finishes (RFC 862). */
final class Stream implements Conversation {
    @Override
    public void received(Connection connection, ByteBuf bytes) {
        connection.send(bytes);
    }

    @Override
    public void advance(Connection connection) {
        if (connection.inputEnded()) {
            connection.end(CloseReason.PEER_FIN);
        }
    }
}
