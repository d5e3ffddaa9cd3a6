package dev.tcpecho.net;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the connections of one listener may keep of replies that are late, so that the next message is read in its time
 * and its reply is no later than it has to be. Who gets nothing of it reads no further until its reply has gone.
 */
final class ReadAhead {
    /** Bytes of all connections together, what they cost beside their length counted in. */
    private static final int OF_ALL = 4 << 20;

    private static final int OF_ONE = 16 << 10;
    private static final int BESIDE = 256;

    private final AtomicInteger taken = new AtomicInteger();

    /** What a reply of so many bytes takes; 0 when there is no room for it. */
    int take(int bytes) {
        int cost = bytes + BESIDE;
        if (taken.addAndGet(cost) > OF_ALL) {
            giveBack(cost);
            return 0;
        }
        return cost;
    }

    void giveBack(int cost) {
        taken.addAndGet(-cost);
    }

    /** @param own of what was taken, that of the connection that asks */
    boolean hasRoom(int own) {
        return own < OF_ONE && taken.get() < OF_ALL - WaitingRoom.BLOCK;
    }
}
