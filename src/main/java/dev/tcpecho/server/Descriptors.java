package dev.tcpecho.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/** File descriptors of this process. */
public final class Descriptors {
    /** What jars, logs and files of /proc may take after the start. */
    private static final long RESERVE = 64;

    /** What the process itself may have open, with connections that the side port serves. */
    private static final long OWN = 256;

    private static final long LEAST_WAITING_SHARE = 64;
    private static final long MOST_WAITING_SHARE = 16;

    /** As many as come at once in earnest. */
    private static final int MOST_WAITING = 1024;

    private Descriptors() {}

    /**
     * How many connections may wait for a place at the side port, accepted: of a sixteenth of the descriptors what the
     * echo leaves, and a sixty-fourth whatever it has.
     *
     * @param used by connections of the echo
     */
    public static int forSidePortToWait(long used) {
        return forSidePortToWait(limit().orElse(Integer.MAX_VALUE), used);
    }

    static int forSidePortToWait(long limit, long used) {
        long left = Math.max(limit / LEAST_WAITING_SHARE, limit - OWN - used);
        return (int) Math.min(MOST_WAITING, Math.min(limit / MOST_WAITING_SHARE, left));
    }

    private static OptionalLong limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? OptionalLong.of(unix.getMaxFileDescriptorCount())
                : OptionalLong.empty();
    }

    /**
     * Connections that the descriptor limit leaves room for; empty where the limit is not known.
     *
     * @param sidePort connections that the side port may serve: with the least that may wait its share, which the echo
     *     cannot take
     */
    static OptionalLong forConnections(int sidePort) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? OptionalLong.of(forConnections(
                        unix.getMaxFileDescriptorCount(), unix.getOpenFileDescriptorCount() + RESERVE + sidePort))
                : OptionalLong.empty();
    }

    private static long forConnections(long limit, long others) {
        return Math.max(1, limit - others - Math.min(MOST_WAITING, limit / LEAST_WAITING_SHARE));
    }
}
