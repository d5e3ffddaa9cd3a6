package dev.tcpecho.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/** File descriptors of this process. */
public final class Descriptors {
    /** What jars, logs and files of /proc may take after the start. */
    private static final long RESERVE = 64;

    /** Of them may be for connections of the side port that wait for their turn. */
    private static final long WAITING_SHARE = 16;

    private static final int MOST_WAITING = 1024;

    private Descriptors() {}

    /** How many connections may wait for a place at the side port, accepted: as many as come at once in earnest. */
    public static int forSidePortToWait() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? (int) Math.min(MOST_WAITING, unix.getMaxFileDescriptorCount() / WAITING_SHARE)
                : MOST_WAITING;
    }

    /**
     * Connections that the descriptor limit leaves room for; empty where the limit is not known.
     *
     * @param sidePort connections that the side port may serve: with those that wait its share, which the echo cannot
     *     take
     */
    static OptionalLong forConnections(int sidePort) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? OptionalLong.of(Math.max(
                        1,
                        unix.getMaxFileDescriptorCount()
                                - unix.getOpenFileDescriptorCount()
                                - RESERVE
                                - sidePort
                                - forSidePortToWait()))
                : OptionalLong.empty();
    }
}
