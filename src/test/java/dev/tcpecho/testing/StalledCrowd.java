package dev.tcpecho.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How peers come that send until nothing more is taken, and never read. */
public enum StalledCrowd {
    ALL_CONNECT_FIRST {
        @Override
        public void come(InetSocketAddress echo, int count, List<SocketChannel> peers) throws IOException {
            for (int i = 0; i < count; i++) {
                peers.add(small(echo));
            }
            sendUntilNoneTakesMore(peers);
        }
    },
    ONE_FILLS_AFTER_THE_OTHER {
        @Override
        public void come(InetSocketAddress echo, int count, List<SocketChannel> peers) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocateDirect(AT_ONCE);
            for (int i = 0; i < count; i++) {
                peers.add(small(echo));
                peers.get(i).write(bytes.clear());
            }
            sendUntilNoneTakesMore(peers);
        }
    };

    private static final int AT_ONCE = 1 << 18;
    private static final int SMALL = 4096;

    /** @param peers where they are added to, so that they can be closed whatever happens */
    public abstract void come(InetSocketAddress echo, int count, List<SocketChannel> peers) throws IOException;

    /** So that this machine's kernel holds little of what they send. */
    private static SocketChannel small(InetSocketAddress echo) throws IOException {
        SocketChannel peer = SocketChannel.open();
        peer.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
        peer.setOption(StandardSocketOptions.SO_SNDBUF, SMALL);
        peer.connect(echo);
        peer.configureBlocking(false);
        return peer;
    }

    public static void sendUntilNoneTakesMore(List<SocketChannel> peers) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(AT_ONCE);
        long quietSince = System.nanoTime();
        while (System.nanoTime() - quietSince < TimeUnit.SECONDS.toNanos(1)) {
            for (SocketChannel peer : peers) {
                if (peer.write(bytes.clear()) > 0) {
                    quietSince = System.nanoTime();
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
