package dev.tcpecho.server;

import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelProgressivePromise;
import io.netty.util.concurrent.EventExecutor;

/**
 * The promise of every write of a connection: Netty tells a progressive promise how many bytes the kernel took, partial
 * writes included, which no other means shows exactly. It never completes, so one object serves all writes.
 */
final class SentBytes extends DefaultChannelProgressivePromise {
    private final Connection connection;
    private long counted;

    SentBytes(Connection connection, Channel channel, EventExecutor executor) {
        super(channel, executor);
        this.connection = connection;
    }

    /** Netty's progress counts from the start of one buffer; writes are taken in order. */
    @Override
    public boolean tryProgress(long progress, long total) {
        long more = progress - counted;
        counted = progress == total ? 0 : progress;
        connection.queuedSent(more);
        return true;
    }

    @Override
    public boolean trySuccess(Void result) {
        connection.bufferSent();
        return true;
    }

    @Override
    public boolean tryFailure(Throwable cause) {
        connection.writeFailed(cause);
        return true;
    }
}
