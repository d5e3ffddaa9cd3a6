package dev.tcpecho.bench;

/** What each server is made to do: connections or workers, bytes of a message, messages in flight. */
enum Work {
    STREAM("stream", 64, 1024, 1),
    PIPELINED("stream", 16, 128, 16),
    BULK("stream", 4, 1 << 20, 1),
    ONE_SHOT("once", 64, 100, 1),
    CHURN("once", 64, 100, 1),
    IDLE("hold", 0, 64, 1),
    /** By the client in C: see {@link Phases}. */
    NATIVE("stream", 0, 0, 0),
    NATIVE_ONCE("once", 0, 0, 0),
    /** As the two before, by TLS. */
    TLS("stream", 0, 0, 0),
    TLS_ONCE("once", 0, 0, 0),
    START("once", 0, 1, 1);

    final String load;
    final int connections;
    final int messageBytes;
    final int inFlight;

    Work(String load, int connections, int messageBytes, int inFlight) {
        this.load = load;
        this.connections = connections;
        this.messageBytes = messageBytes;
        this.inFlight = inFlight;
    }

    boolean isTls() {
        return this == TLS || this == TLS_ONCE;
    }

    /** The mode that the server has to be in. */
    String mode() {
        return load.equals("once") ? "once" : "stream";
    }
}
