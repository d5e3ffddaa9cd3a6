package dev.tcpecho.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;

/** Connections that echo once each and are then held, and one busy connection whose latency is what counts. */
final class HoldLoad extends Load {
    /** Below the accept queue of every server, so that no SYN has to be sent again. */
    private static final int CONNECTING = 50;

    private static final int PER_SOURCE = 10_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final Link busy = new Link(0, 1);
    private int opened;
    private int held;
    private int lost;

    HoldLoad(InetSocketAddress target, int messageBytes) throws IOException {
        super(target, messageBytes);
        busy.connect(selector, target, null);
    }

    /** Opens until this many are held; the latencies of the busy connection start anew. */
    void hold(int connections) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (held + lost < connections && System.nanoTime() - deadline < 0) {
            while (opened < connections && opened - held - lost < CONNECTING) {
                opened++;
                new Link(opened, 1).connect(selector, target, source(opened / PER_SOURCE));
            }
            step();
        }
        tally.errors += connections - held - lost;
        tally.clear();
    }

    int held() {
        return held;
    }

    /** A port range holds some 28,000; Linux has all of 127.0.0.0/8 to come from. */
    private static InetAddress source(int block) throws IOException {
        return block == 0 || !ProcFiles.present()
                ? null
                : InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (1 + block)});
    }

    @Override
    void connected(Link link) {
        link.allowed = messageBytes;
    }

    @Override
    void received(Link link, long before) throws IOException {
        if (link.received < messageBytes || link.received % messageBytes != 0) {
            return;
        }
        if (link == busy) {
            tally.echoed(System.nanoTime() - link.startedAt(link.received / messageBytes - 1));
            link.allowed = link.received + messageBytes;
            send(link);
        } else if (link.received == messageBytes) {
            held++;
            link.channel().keyFor(selector).interestOps(SelectionKey.OP_READ);
        }
    }

    @Override
    void ended(Link link) {
        if (link != busy && link.received >= messageBytes) {
            held--;
        }
        lost++;
        fail(link);
        link.close();
    }
}
