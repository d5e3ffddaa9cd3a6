package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder.Cumulator;
import io.netty.handler.codec.DecoderException;
import javax.net.ssl.SSLException;

/**
 * Where a record waits that has come in part: in the block that it was read into, and in a larger one when it is
 * longer. Netty's own would be in memory that nobody counts.
 */
record TlsRecords(WaitingRoom room) implements Cumulator {
    @Override
    public ByteBuf cumulate(ByteBufAllocator alloc, ByteBuf waiting, ByteBuf in) {
        if (!waiting.isReadable()) {
            waiting.release();
            return in;
        }
        try {
            ByteBuf all = in.readableBytes() > free(waiting) ? larger(waiting, in) : waiting;
            if (in.readableBytes() > all.writableBytes()) {
                all.discardReadBytes();
            }
            return all.writeBytes(in);
        } finally {
            in.release();
        }
    }

    /** What a block has room for behind what waits in it. */
    static int free(ByteBuf waiting) {
        return waiting.capacity() - waiting.readableBytes();
    }

    private ByteBuf larger(ByteBuf waiting, ByteBuf in) {
        if (waiting.readableBytes() + in.readableBytes() > WaitingRoom.RECORD_BLOCK) {
            throw new DecoderException(new SSLException("the record is longer than any may be"));
        }
        ByteBuf all = room.records().take();
        all.writeBytes(waiting);
        waiting.release();
        return all;
    }
}
