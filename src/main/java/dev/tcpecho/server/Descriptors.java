package dev.tcpecho.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/** File descriptors of this process. */
final class Descriptors {
    /** What jars, logs, the side port and its clients may take after the start. */
    private static final long RESERVE = 128;

    private Descriptors() {}

    /** Connections that the descriptor limit leaves room for; empty where the limit is not known. */
    static OptionalLong forConnections() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? OptionalLong.of(
                        Math.max(1, unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount() - RESERVE))
                : OptionalLong.empty();
    }
}
