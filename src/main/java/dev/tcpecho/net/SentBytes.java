package dev.tcpecho.net;

import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelProgressivePromise;

/**
 * The promise of every write of a connection: Netty tells a progressive promise how many bytes the kernel took, partial
 * writes included, which no other means shows exactly. It never completes, so one object serves all writes.
 */
public final class SentBytes extends DefaultChannelProgressivePromise {
    private final Outflow.Sender sender;
    private long counted;

    public SentBytes(Outflow.Sender sender, Channel channel) {
        super(channel, channel.eventLoop());
        this.sender = sender;
    }

    /** Netty's progress counts from the start of one buffer; writes are taken in order. */
    @Override
    public boolean tryProgress(long progress, long total) {
        long more = progress - counted;
        counted = progress == total ? 0 : progress;
        sender.taken(more);
        return true;
    }

    @Override
    public boolean trySuccess(Void result) {
        sender.drained();
        return true;
    }

    @Override
    public boolean tryFailure(Throwable cause) {
        sender.failed(cause);
        return true;
    }
}
