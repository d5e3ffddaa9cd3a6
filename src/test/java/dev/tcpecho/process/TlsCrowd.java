package dev.tcpecho.process;

import dev.tcpecho.testing.TlsPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/** Peers of TLS that hold as much as they can. */
final class TlsCrowd {
    private static final byte[] BYTES = new byte[16_000];
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONG_ENOUGH_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final List<TlsPeer> peers = new ArrayList<>();

    /** Those that are refused are no part of it. */
    TlsCrowd(InetSocketAddress address, SSLContext context, int count) {
        for (int i = 0; i < count; i++) {
            try {
                peers.add(TlsPeer.connect(address, context));
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
    }

    /** Of each a record without its last byte. */
    void sendHalf() throws IOException {
        for (TlsPeer peer : peers) {
            ByteBuffer record = peer.record(BYTES);
            peer.send(record.limit(record.limit() - 1));
        }
    }

    /** Of each as many records as are taken, a few at a time in the end; none is read. */
    void sendUntilNoneTakesMore() throws IOException {
        List<ByteBuffer> unsent = new ArrayList<>();
        for (TlsPeer peer : peers) {
            peer.channel().configureBlocking(false);
            unsent.add(ByteBuffer.allocate(0));
        }
        long start = System.nanoTime();
        long quietSince = start;
        while (System.nanoTime() - quietSince < QUIET_NANOS && System.nanoTime() - start < LONG_ENOUGH_NANOS) {
            for (int i = 0; i < peers.size(); i++) {
                if (!unsent.get(i).hasRemaining()) {
                    unsent.set(i, peers.get(i).record(BYTES));
                }
                if (peers.get(i).channel().write(unsent.get(i)) > 0) {
                    quietSince = System.nanoTime();
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
