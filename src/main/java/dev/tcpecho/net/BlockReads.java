package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Reads of one block each, which may be kept for as long as need be: for connections with an {@link Entrance}. Used on
 * one event loop alone.
 */
public final class BlockReads extends DefaultMaxMessagesRecvByteBufAllocator {
    private final WaitingRoom room;

    public BlockReads(WaitingRoom room) {
        this.room = room;
    }

    @Override
    @SuppressWarnings("deprecation") // the type is; Netty has no other
    public Handle newHandle() {
        return new MaxMessageHandle() {
            /** @throws NoRoom when what was read could not be kept */
            @Override
            public ByteBuf allocate(ByteBufAllocator alloc) {
                return room.take();
            }

            @Override
            public int guess() {
                return WaitingRoom.BLOCK;
            }
        };
    }
}
