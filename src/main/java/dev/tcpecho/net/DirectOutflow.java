package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;

/** Straight from the buffer to the kernel; only what that leaves is copied and queued. */
final class DirectOutflow extends Outflow {
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
                flushBegins(ctx.channel());
                if (reads.holds(bytes)) {
                    copy(ctx, bytes, sender.sentBytes());
                } else {
                    ctx.write(bytes.retain(), sender.sentBytes());
                }
                ctx.flush();
                flushIsOver(ctx.channel());
            }
        } catch (IOException | NotYetConnectedException e) {
            sender.failed(e);
        } finally {
            bytes.release();
        }
    }

    /** What the kernel does not take has to leave the read buffer, which brought no more than finds a place. */
    private void copy(ChannelHandlerContext ctx, ByteBuf bytes, SentBytes sentBytes) {
        while (bytes.isReadable()) {
            ByteBuf block = reads.room().take();
            block.writeBytes(bytes, Math.min(bytes.readableBytes(), block.writableBytes()));
            ctx.write(block, sentBytes);
        }
    }

    @Override
    public boolean hasRoomToSpeak(Channel channel, int count) {
        return reads.most(channel.config()) >= count;
    }

    @Override
    WaitingRoom room(Channel channel) {
        return reads.room();
    }

    @Override
    public boolean hasRoomFor(Channel channel) {
        return reads.hasRoomFor(channel);
    }

    @Override
    public boolean metFin() {
        return reads.lastBytesRead() < 0;
    }

    @Override
    void sendClose(ChannelHandlerContext ctx) {
        SystemCalls.close(ctx.channel());
        ctx.close();
    }

    @Override
    void sendFin(ChannelHandlerContext ctx, Sender sender) {
        SystemCalls.sendFin(ctx.channel(), sender);
    }
}
