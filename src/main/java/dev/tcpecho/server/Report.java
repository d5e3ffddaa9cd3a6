package dev.tcpecho.server;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Says what this service knows of the connection, as one JSON object, and finishes, whatever the peer sends. The object
 * is made off the event loop, since that reads files of /proc and many options; FIN and close follow as those of
 * {@link Once} do.
 */
final class Report implements Conversation {
    private static final byte ASKED = 1;
    private static final byte ANSWERED = 2;
    private static final byte POSTPONED = 3;

    /** A report is usually shorter. */
    private static final int LENGTH = 16 << 10;

    @Override
    public void opened(Connection connection) {
        ask(connection);
    }

    /** What the peer does not take of it waits with us: it is made where there is room for that. */
    private static void ask(Connection connection) {
        if (connection.maySpeak(LENGTH)) {
            connection.stage(ASKED);
            InBandReport.make(connection);
        } else {
            connection.stage(POSTPONED);
        }
    }

    /** On the connection's loop. */
    static void answer(Connection connection, String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        if (!connection.maySpeak(text.length)) { // others were faster
            connection.stage(POSTPONED);
            return;
        }
        connection.stage(ANSWERED);
        connection.speak(text);
        connection.again();
    }

    @Override
    public void received(Connection connection, ByteBuf bytes) {
        connection.discard(bytes);
    }

    /**
     * A peer that finished before it was answered may still read. One that finished before the connection began, with
     * no byte for what stands in front of it, is never answered.
     */
    @Override
    public void advance(Connection connection) {
        if (connection.stage() == POSTPONED) {
            ask(connection);
        } else if (connection.stage() == ANSWERED) {
            if (connection.inputEnded()) {
                connection.end(CloseReason.COMPLETE);
            } else {
                connection.finish();
            }
        } else if (connection.stage() != ASKED && connection.inputEnded()) {
            connection.end(CloseReason.PEER_FIN);
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
}
