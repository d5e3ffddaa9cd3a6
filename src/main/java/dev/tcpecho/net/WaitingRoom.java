package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The memory of one event loop for bytes that the kernel has not taken: so many blocks of one size, and no more. A
 * block counts until its last byte has gone. Used on that loop alone.
 *
 * <p>Memory is taken in slabs when it is first needed and kept for reuse, so that what is held never exceeds the
 * budget, and no allocation of another size can break it up.
 */
public final class WaitingRoom {
    /** Bytes of one block. */
    public static final int BLOCK = 4 << 10;

    private static final int BLOCKS_OF_A_SLAB = 16;

    /** Bytes of a block that holds a record of TLS, as long as RFC 5246 has them, and what one read adds. */
    static final int RECORD_BLOCK = 24 << 10;

    private static final int RECORDS_SHARE = 2;
    private static final int ENTRANCES_SHARE = 4;

    private final long budget;
    private final int size;
    private int blocks;
    private final Deque<Block> free = new ArrayDeque<>();
    private int made;
    private WaitingRoom records;
    private WaitingRoom entrances;

    /** @param budget in bytes */
    public WaitingRoom(long budget) {
        this(budget, BLOCK);
    }

    private WaitingRoom(long budget, int size) {
        this.budget = budget;
        this.size = size;
        this.blocks = (int) Math.max(BLOCKS_OF_A_SLAB, Math.min(Integer.MAX_VALUE / size, budget / size));
    }

    /** For connections with an entrance, a quarter as much again: neither they nor the others can take it all. */
    public WaitingRoom entrances() {
        if (entrances == null) {
            entrances = new WaitingRoom(budget / ENTRANCES_SHARE);
        }
        return entrances;
    }

    /** For records of TLS that have come in part: half as much again, in blocks that one fits into. */
    WaitingRoom records() {
        if (records == null) {
            records = new WaitingRoom(budget / RECORDS_SHARE, RECORD_BLOCK);
        }
        return records;
    }

    /** How many bytes find a place now, if possible as many as are wanted; what is told can be {@link #take taken}. */
    long room(int wanted) {
        while ((long) free.size() * size < wanted && made < blocks) {
            makeSlab();
        }
        return (long) free.size() * size;
    }

    /** Whether less is left than such a share of all blocks: 4 for a quarter. */
    boolean hasLessThan(int share) {
        return blocks - made + free.size() < blocks / share;
    }

    /**
     * An empty block, which comes back when it is released.
     *
     * @throws NoRoom when there is none
     */
    ByteBuf take() {
        if (room(1) == 0) {
            throw NoRoom.INSTANCE;
        }
        return free.pop().taken();
    }

    /** Where others have taken the direct memory that was meant for this, the budget becomes what is there. */
    private void makeSlab() {
        int more = Math.min(BLOCKS_OF_A_SLAB, blocks - made);
        if (directMemoryLeft() < (long) more * size) { // the JDK would wait for a garbage collection, and then throw
            blocks = made;
            return;
        }
        ByteBuffer slab = ByteBuffer.allocateDirect(more * size);
        for (int i = 0; i < more; i++) {
            new Block(slab.slice(i * size, size)).release(); // which makes it a free one
        }
        made += more;
    }

    private static long directMemoryLeft() {
        long used = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return PlatformDependent.maxDirectMemory() - used;
    }

    private final class Block extends UnpooledDirectByteBuf {
        Block(ByteBuffer memory) {
            super(UnpooledByteBufAllocator.DEFAULT, memory, size);
        }

        Block taken() {
            resetRefCnt();
            clear();
            return this;
        }

        @Override
        protected void deallocate() {
            free.push(this);
        }
    }
}
