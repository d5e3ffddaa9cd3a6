package dev.tcpecho.server;

import dev.tcpecho.server.ConnectionLimit.Cause;
import java.util.Collection;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/**
 * The connections that this process can keep, shared by its listeners in proportion to what they ask for: a descriptor
 * for each, and with TLS a piece of the heap.
 */
final class ConnectionLimits {
    private static final Logger LOG = Logger.getLogger(ConfiguredListeners.class);

    /** What the JDK's engine, its session and Netty's handler hold of a connection that is idle, measured: 9.5 KB. */
    private static final int TLS_BYTES = 10 << 10;

    /** Connections asked for in all, and those that there is room for. */
    private record Room(long wanted, long room) {
        long shareOf(int asked) {
            return wanted <= room ? asked : (long) (asked * ((double) room / wanted));
        }
    }

    private final Room descriptors;
    private final Room heap;

    /**
     * @param descriptors that connections may take; empty where that is not known
     * @param heap in bytes, of which half is for TLS
     */
    ConnectionLimits(Collection<ListenerConfig> configs, OptionalLong descriptors, long heap) {
        this.descriptors = new Room(
                configs.stream().mapToLong(ListenerConfig::maxConnections).sum(), descriptors.orElse(Long.MAX_VALUE));
        this.heap = new Room(
                configs.stream()
                        .filter(ConnectionLimits::isTls)
                        .mapToLong(ListenerConfig::maxConnections)
                        .sum(),
                heap / 2 / TLS_BYTES);
    }

    /** @param sidePort connections that the side port may serve */
    static ConnectionLimits ofThisProcess(Collection<ListenerConfig> configs, int sidePort) {
        return new ConnectionLimits(
                configs,
                Descriptors.forConnections(sidePort),
                Runtime.getRuntime().maxMemory());
    }

    /** Warns of a listener that gets less than it asks for. */
    ConnectionLimit of(String listener, ListenerConfig config) {
        int asked = config.maxConnections();
        long byDescriptors = descriptors.shareOf(asked);
        long byHeap = isTls(config) ? heap.shareOf(asked) : asked;
        int inForce = (int) Math.max(1, Math.min(byDescriptors, byHeap));
        if (inForce >= asked) {
            return new ConnectionLimit(asked, asked, Cause.ASKED);
        }
        String key = EchoKeys.property(listener, "max-connections");
        if (byHeap < byDescriptors) {
            LOG.warnf(
                    "listener %s: max-connections of %d is lowered to %d: half of the heap holds %d with TLS, and %d are asked"
                            + " for in all. Raise the heap (-Xmx) or lower %s",
                    listener, asked, inForce, heap.room(), heap.wanted(), key);
            return new ConnectionLimit(asked, inForce, Cause.HEAP);
        }
        LOG.warnf(
                "listener %s: max-connections of %d is lowered to %d: the descriptor limit of this process leaves room for"
                        + " %d, and %d are asked for in all. Raise the limit (ulimit -n, LimitNOFILE=) or lower %s",
                listener, asked, inForce, descriptors.room(), descriptors.wanted(), key);
        return new ConnectionLimit(asked, inForce, Cause.DESCRIPTORS);
    }

    private static boolean isTls(ListenerConfig config) {
        return config.tlsConfigurationName().isPresent();
    }
}
