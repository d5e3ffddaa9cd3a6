package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Encrypted bytes on their way to the kernel, in blocks that count, one record behind the other. What nobody counted
 * was as much memory again for each peer that does not read.
 */
final class TlsOutput {
    private final WaitingRoom room;
    private final Deque<ByteBuf> blocks = new ArrayDeque<>();
    private final List<ChannelPromise> promises = new ArrayList<>();

    TlsOutput(WaitingRoom room) {
        this.room = room;
    }

    /** Takes the bytes over. */
    void add(ByteBuf bytes, ChannelPromise promise) {
        promises.add(promise);
        while (bytes.isReadable()) {
            if (blocks.isEmpty() || !blocks.getLast().isWritable()) {
                if (room.room(1) == 0) { // no reply to a read, for which there was room
                    blocks.add(bytes);
                    return;
                }
                blocks.add(room.take());
            }
            ByteBuf block = blocks.getLast();
            block.writeBytes(bytes, Math.min(bytes.readableBytes(), block.writableBytes()));
        }
        bytes.release();
    }

    /** Passes on what was added; its promises are kept when the last of it has gone. */
    void write(ChannelHandlerContext ctx) {
        if (promises.isEmpty()) {
            return;
        }
        List<ChannelPromise> told = List.copyOf(promises);
        promises.clear();
        while (blocks.size() > 1) {
            ctx.write(blocks.poll());
        }
        ctx.write(blocks.isEmpty() ? Unpooled.EMPTY_BUFFER : blocks.poll())
                .addListener((ChannelFuture done) -> tell(told, done.cause()));
    }

    /** The channel is gone. */
    void drop() {
        blocks.forEach(ByteBuf::release);
        blocks.clear();
        List<ChannelPromise> told = List.copyOf(promises);
        promises.clear();
        tell(told, new ClosedChannelException());
    }

    private static void tell(List<ChannelPromise> promises, Throwable failure) {
        for (ChannelPromise promise : promises) {
            if (failure == null) {
                promise.trySuccess();
            } else {
                promise.tryFailure(failure);
            }
        }
    }
}
