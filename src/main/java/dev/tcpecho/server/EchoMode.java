package dev.tcpecho.server;

/** What a listener does with a connection. */
public enum EchoMode {
    /** Reads once, echoes, finishes. */
    ONCE {
        @Override
        Conversation conversation(ListenerConfig config) {
            return new Once(config.readLimit(), config.socket().tcpCork().isEmpty());
        }
    },
    /** Echoes every byte until the peer finishes (RFC 862). */
    STREAM {
        @Override
        Conversation conversation(ListenerConfig config) {
            return new Stream();
        }
    },
    /** Tells in JSON what is known of the connection, and finishes. */
    REPORT {
        @Override
        Conversation conversation(ListenerConfig config) {
            return new Report();
        }

        @Override
        boolean echoes() {
            return false;
        }
    },
    /** Reads and throws away until the peer finishes (RFC 863). */
    DISCARD {
        @Override
        Conversation conversation(ListenerConfig config) {
            return new Discard();
        }

        @Override
        boolean echoes() {
            return false;
        }
    },
    /** Sends characters without end until the peer finishes (RFC 864). */
    CHARGEN {
        @Override
        Conversation conversation(ListenerConfig config) {
            return new Chargen();
        }

        @Override
        boolean echoes() {
            return false;
        }
    };

    /** One for the connections of a listener on one event loop. */
    abstract Conversation conversation(ListenerConfig config);

    /** Whether what comes back is what was sent. */
    boolean echoes() {
        return true;
    }
}
