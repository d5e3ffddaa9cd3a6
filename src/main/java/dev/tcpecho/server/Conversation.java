package dev.tcpecho.server;

import io.netty.buffer.ByteBuf;

/**
 * What a mode does with the bytes and the ends of its connections. One for each listener and event loop, without state
 * of a connection's own but for its {@link Connection#stage() stage}; called on that loop.
 *
 * <p>The connection takes care of the rest: it stops reading while it owes bytes, and keeps time-outs and counters.
 */
interface Conversation {
    /** The connection begins; a server that speaks first sends here. */
    default void opened(Connection connection) {}

    /** Takes a buffer that was read: hands it to one of the connection's words before it returns. */
    void received(Connection connection, ByteBuf bytes);

    /**
     * What is there to do next? Asked after each event that leaves nothing owed: bytes came, all was sent, the peer has
     * finished.
     */
    void advance(Connection connection);

    /** Whether reading goes on while bytes are owed: right only for one that keeps nothing of what it reads. */
    default boolean readsWhileOwing() {
        return false;
    }

    /** Whether it may have something to say though nothing happened: asked {@link #advance again} with every tick. */
    default boolean speaksUnasked() {
        return false;
    }
}
