package dev.tcpecho.net;

import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;

/** TLS itself, which keeps the records that have come in part in memory that counts. */
final class TlsEngine extends SslHandler {
    private final WaitingRoom room;

    TlsEngine(SSLEngine engine, WaitingRoom room) {
        super(engine);
        this.room = room;
        setCumulator(new TlsRecords(room));
    }

    /** Bytes of a record that has come in part. */
    int waiting() {
        return actualReadableBytes();
    }

    /** Whether what one read brings can be kept. */
    boolean hasRoom() {
        return waiting() == 0
                || TlsRecords.free(internalBuffer()) >= WaitingRoom.BLOCK
                || room.records().room(1) > 0;
    }
}
