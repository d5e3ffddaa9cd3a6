package dev.tcpecho.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;

/** Every test of the wire runs on each. */
public enum Transports {
    NIO,
    EPOLL;

    public void assumeAvailable() {
        assumeTrue(
                this != EPOLL || Epoll.isAvailable(), () -> "skipped: no epoll here, " + Epoll.unavailabilityCause());
    }
}
