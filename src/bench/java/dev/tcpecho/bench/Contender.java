package dev.tcpecho.bench;

import java.util.List;
import java.util.Set;

/** A server under test: how to start it for some work on a port, and which work it can do. */
record Contender(String name, Set<Work> works, Command command) {
    static final String FLOOR = "C";
    /** The floor that keeps the promise of {@code once}: FIN after the reply, close after the peer's FIN. */
    static final String KEPT = "C-fin";

    static final String SERVICE = "tcp-echo";

    interface Command {
        List<String> of(Work work, int port);
    }

    boolean does(Work work) {
        return works.contains(work);
    }
}
