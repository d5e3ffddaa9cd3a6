package dev.tcpecho.server;

import io.netty.buffer.ByteBuf;

/** Every byte back until the peer finishes (RFC 862). */
final class StreamConnection extends Connection {
    StreamConnection(Listener listener, Traffic traffic, ConnectionLog log) {
        super(listener, traffic, log);
    }

    @Override
    protected void received(ByteBuf bytes) {
        echo(bytes);
    }

    @Override
    protected void advance() {
        if (inputEnded()) {
            end(CloseReason.PEER_FIN);
        }
    }
}
