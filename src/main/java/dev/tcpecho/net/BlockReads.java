package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.util.function.BooleanSupplier;

/**
 * Reads of one block each, which may be kept for as long as need be: for connections with an {@link Entrance}. Used on
 * one event loop alone.
 */
public final class BlockReads extends DefaultMaxMessagesRecvByteBufAllocator {
    /** What one read may lead to: the reply to a record of TLS that it completes, and to what follows that. */
    private static final int REPLY = 7 * WaitingRoom.BLOCK;

    /** Of the blocks: from here on only those may read with whom nothing is under way. */
    private static final int SCARCE_SHARE = 2;

    private final WaitingRoom room;
    private final BooleanSupplier gate;

    public BlockReads(WaitingRoom room) {
        this(room, () -> true);
    }

    private BlockReads(WaitingRoom room, BooleanSupplier gate) {
        this.room = room;
        this.gate = gate;
    }

    /** For one connection, which reads only while that allows it. */
    BlockReads gatedBy(BooleanSupplier gate) {
        return new BlockReads(room, gate);
    }

    WaitingRoom room() {
        return room;
    }

    /** Whether a connection of these reads that was refused one may try again. */
    static boolean hasRoomFor(Channel channel) {
        return of(channel).mayRead(channel.config());
    }

    static BlockReads of(Channel channel) {
        return channel.config().getRecvByteBufAllocator();
    }

    private boolean mayRead(ChannelConfig config) {
        return gate.getAsBoolean() && hasRoomFor(config, 0);
    }

    /** Whether so many bytes, and what the handlers make of them, can wait. */
    boolean hasRoomFor(ChannelConfig config, int count) {
        return room.room(REPLY + count) >= REPLY + count
                && (!room.hasLessThan(SCARCE_SHARE) || SendQueue.isEmpty(config));
    }

    @Override
    @SuppressWarnings("deprecation") // the type is; Netty has no other
    public Handle newHandle() {
        return new MaxMessageHandle() {
            private ChannelConfig reading;

            @Override
            public void reset(ChannelConfig config) {
                reading = config;
                super.reset(config);
            }

            /** @throws NoRoom when what was read, or the reply to it, could not be kept */
            @Override
            public ByteBuf allocate(ByteBufAllocator alloc) {
                if (!mayRead(reading)) {
                    throw NoRoom.INSTANCE;
                }
                return room.take();
            }

            @Override
            public int guess() {
                return WaitingRoom.BLOCK;
            }
        };
    }
}
