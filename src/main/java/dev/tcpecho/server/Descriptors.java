package dev.tcpecho.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/** File descriptors of this process. */
final class Descriptors {
    /** What jars, logs and files of /proc may take after the start. */
    private static final long RESERVE = 64;

    private Descriptors() {}

    /**
     * Connections that the descriptor limit leaves room for; empty where the limit is not known.
     *
     * @param sidePort connections that the side port may hold: its share, which the echo cannot take
     */
    static OptionalLong forConnections(int sidePort) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? OptionalLong.of(Math.max(
                        1, unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount() - RESERVE - sidePort))
                : OptionalLong.empty();
    }
}
