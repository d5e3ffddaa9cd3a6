package dev.tcpecho.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.DefaultChannelPromise;

/** The promise of one buffer that goes out through an entrance, which may tell of parts that have gone. */
final class Delivery extends DefaultChannelPromise implements ChannelFutureListener {
    private final Outflow.Sender sender;
    private int left;

    /** @param bytes of the whole buffer */
    Delivery(Channel channel, Outflow.Sender sender, int bytes) {
        super(channel, channel.eventLoop());
        this.sender = sender;
        this.left = bytes;
        addListener(this);
    }

    /** The kernel took some of the bytes; when the promise succeeds it has the rest. */
    void part(int bytes) {
        left -= bytes;
        sender.taken(bytes);
    }

    @Override
    public void operationComplete(ChannelFuture done) {
        if (!done.isSuccess()) {
            sender.failed(done.cause());
            return;
        }
        if (left > 0) {
            sender.taken(left);
        }
        sender.drained();
    }
}
