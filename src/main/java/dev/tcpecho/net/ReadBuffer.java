package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
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
    private final ByteBuf buffer;
    private final int leastRead;
    private final long waitingLimit;
    private long waiting;
    private int attempted;
    private int last;

    /**
     * @param size bytes of one read
     * @param leastRead bytes of one read while more than {@code waitingLimit} bytes wait for slow readers: each
     *     connection that stalls from then on costs no more than that
     */
    public ReadBuffer(int size, int leastRead, long waitingLimit) {
        this.buffer = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(size));
        this.leastRead = leastRead;
        this.waitingLimit = waitingLimit;
    }

    /** Bytes that were copied, or that a slow reader has taken when negative. */
    public void waiting(long more) {
        waiting += more;
    }

    @Override
    @SuppressWarnings("deprecation") // the type is; Netty has no other
    public Handle newHandle() {
        return this;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator alloc) {
        if (buffer.refCnt() != 1) {
            throw new IllegalStateException("the read buffer is still in use");
        }
        int from = waiting > waitingLimit ? buffer.capacity() - leastRead : 0;
        return buffer.setIndex(from, from).retain();
    }

    @Override
    public int guess() {
        return buffer.capacity();
    }

    @Override
    public void reset(ChannelConfig config) {
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
