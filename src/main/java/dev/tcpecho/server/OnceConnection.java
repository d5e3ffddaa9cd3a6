package dev.tcpecho.server;

import dev.tcpecho.net.SystemCalls;
import io.netty.buffer.ByteBuf;

/**
 * Reads once, echoes at most the read limit, finishes. The FIN goes out first and the close comes after the peer's own:
 * closing while input is unread makes the kernel send a reset, which can overtake the reply.
 */
final class OnceConnection extends Connection {
    private final int readLimit;
    private final boolean joinFin;
    private boolean replied;
    private int finishedAt = -1;

    /** @param joinFin whether the end of the reply waits for the FIN, to leave in one segment with it */
    OnceConnection(Listener listener, Traffic traffic, ConnectionLog log, int readLimit, boolean joinFin) {
        super(listener, traffic, log);
        this.readLimit = readLimit;
        this.joinFin = joinFin;
    }

    @Override
    protected void received(ByteBuf bytes) {
        if (replied) {
            discard(bytes.readableBytes());
            bytes.release();
            return;
        }
        replied = true;
        int excess = bytes.readableBytes() - readLimit;
        if (excess > 0) {
            discard(excess);
            bytes.writerIndex(bytes.readerIndex() + readLimit);
        }
        if (joinFin) {
            SystemCalls.holdForFin(ctx.channel());
        }
        echo(bytes);
    }

    @Override
    protected void advance() {
        if (inputEnded()) {
            end(replied ? CloseReason.COMPLETE : CloseReason.PEER_FIN);
        } else if (replied && finishedAt < 0) {
            finishedAt = now();
            finish(CloseReason.COMPLETE);
        }
    }

    @Override
    protected int lingeringSince() {
        return finishedAt;
    }
}
