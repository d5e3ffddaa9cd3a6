package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;

/** Straight from the read buffer to the kernel; only what that leaves is copied and queued. */
final class DirectOutflow extends QueuedOutflow {
    private final ReadBuffer reads;

    DirectOutflow(ReadBuffer reads, int linger) {
        super(linger);
        this.reads = reads;
    }

    @Override
    public void send(ChannelHandlerContext ctx, ByteBuf bytes, Sender sender) {
        try {
            if (sender.owed() == bytes.readableBytes()) { // nothing waits before them
                int count = SystemCalls.send(ctx.channel(), bytes);
                if (count > 0) {
                    sender.taken(count);
                }
            }
            if (bytes.isReadable()) {
                super.send(ctx, copy(ctx, bytes, sender.sentBytes()), sender);
            }
        } catch (IOException | NotYetConnectedException e) {
            sender.failed(e);
        } finally {
            bytes.release();
        }
    }

    /** What the kernel does not take has to leave the read buffer. */
    private ByteBuf copy(ChannelHandlerContext ctx, ByteBuf bytes, SentBytes sentBytes) {
        int count = bytes.readableBytes();
        ByteBuf copy = ctx.alloc().directBuffer(count, count).writeBytes(bytes);
        sentBytes.held(count, reads);
        return copy;
    }

    @Override
    public void ended(SentBytes sentBytes) {
        sentBytes.forget();
    }
}
