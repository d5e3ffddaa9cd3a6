package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.nio.ByteBuffer;

/**
 * What every connection of one event loop reads into, one after the other. Whoever is handed the buffer has to be done
 * with it, or to have copied what is left, before it returns to the loop. Used on that loop alone.
 *
 * <p>A read that is larger than what came saves the second one that Netty makes when a buffer was filled; a connection
 * that only waits has no buffer.
 */
public final class ReadBuffer implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {
    /** Of the blocks: what is left when each of the rules begins. */
    private static final int SCARCE_SHARE = 4;

    private static final int LATE_SHARE = 8;
    private static final int LAST_SHARE = 16;

    private final ByteBuf buffer;
    private final int size;
    private final WaitingRoom room;
    private ChannelConfig reading;
    private int attempted;
    private int last;

    /**
     * @param size bytes of one read
     * @param room where that goes which the kernel does not take: no read brings more than finds a place there
     */
    public ReadBuffer(int size, WaitingRoom room) {
        this(Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(size)), size, room);
    }

    private ReadBuffer(ByteBuf buffer, int size, WaitingRoom room) {
        this.buffer = buffer;
        this.size = size;
        this.room = room;
    }

    /** The same memory for reads of at most that size. */
    public ReadBuffer limitedTo(int size) {
        return new ReadBuffer(buffer, Math.min(size, this.size), room);
    }

    /** Whether these bytes have to leave before the next read. */
    boolean holds(ByteBuf bytes) {
        return bytes == buffer;
    }

    /** Where bytes wait that were read and that the kernel has not taken. */
    public WaitingRoom room() {
        return room;
    }

    /** Whether a connection that was refused a read may try again. */
    public boolean hasRoomFor(Channel channel) {
        return most(channel.config()) > 0;
    }

    /**
     * How much a connection may read now, or say unasked. While room is scarce the kernel is asked first what it would
     * take of it: a peer that does not read costs nothing more, and one that does needs no room. Under pressure on its
     * memory for TCP the kernel refuses what a send buffer has room for, and thousands of peers use up what is left:
     * the last blocks are for those with whom nothing is under way, and in the end for no more of each than the kernel
     * takes for certain.
     */
    long most(ChannelConfig config) {
        long most = Math.min(size, room.room(size));
        if (room.hasLessThan(LAST_SHARE)) {
            return SendQueue.isEmpty(config) ? Math.min(most, SendQueue.CERTAIN) : 0;
        }
        if (room.hasLessThan(LATE_SHARE)) {
            return SendQueue.isEmpty(config) ? Math.min(most, WaitingRoom.BLOCK) : 0;
        }
        if (room.hasLessThan(SCARCE_SHARE)) {
            long taken = SendQueue.room(config);
            return taken == 0 ? 0 : Math.min(most, Math.max(WaitingRoom.BLOCK, taken));
        }
        return most;
    }

    @Override
    @SuppressWarnings("deprecation") // the type is; Netty has no other
    public Handle newHandle() {
        return this;
    }

    /** @throws NoRoom when what was read could not be kept */
    @Override
    public ByteBuf allocate(ByteBufAllocator alloc) {
        if (buffer.refCnt() != 1) {
            throw new IllegalStateException("the read buffer is still in use");
        }
        int most = (int) most(reading);
        if (most == 0) {
            throw NoRoom.INSTANCE;
        }
        int from = buffer.capacity() - most;
        return buffer.setIndex(from, from).retain();
    }

    @Override
    public int guess() {
        return size;
    }

    @Override
    public void reset(ChannelConfig config) {
        reading = config;
        last = 0;
    }

    @Override
    public void incMessagesRead(int messages) {}

    @Override
    public void lastBytesRead(int bytes) {
        last = bytes;
    }

    @Override
    public int lastBytesRead() {
        return last;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
        attempted = bytes;
    }

    @Override
    public int attemptedBytesRead() {
        return attempted;
    }

    /** Once for each event: others come first, and the poll tells when there is more. */
    @Override
    public boolean continueReading() {
        return false;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
        return false;
    }

    @Override
    public void readComplete() {}
}
