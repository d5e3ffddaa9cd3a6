package dev.tcpecho.socket;

import io.netty.channel.Channel;
import java.util.Optional;

/**
 * The accept queue of one listening socket. {@code peak} is the longest that was seen when somebody looked: a sample, not
 * a high-water mark of the kernel.
 */
public final class AcceptQueue {
    private volatile long current = -1;
    private volatile long peak = -1;
    private volatile long max = -1;

    AcceptQueue() {}

    void sample(Channel listening, int backlog) {
        Optional<TcpInfo> info = listening == null ? Optional.empty() : TcpInfo.read(listening);
        info.ifPresent(read -> {
            current = read.acceptQueue();
            max = read.acceptQueueMax();
            peak = Math.max(peak, current);
        });
    }

    /** Connections that wait now; -1 where that cannot be read. */
    public long current() {
        return current;
    }

    /** The longest queue sampled since the bind; -1 where that cannot be read. */
    public long peak() {
        return peak;
    }

    /** The backlog in force; -1 where that cannot be read. */
    public long max() {
        return max;
    }
}
