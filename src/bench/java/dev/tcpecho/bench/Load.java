package dev.tcpecho.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One thread of non-blocking connections that send, and check every byte that comes back. */
abstract class Load implements AutoCloseable {
    private static final int READ_BYTES = 1 << 20;
    private static final long LOOK_AT_CLOCK_MILLIS = 50;

    final InetSocketAddress target;
    final int messageBytes;
    final Tally tally = new Tally();
    final Selector selector;
    private final Pattern pattern;
    private final ByteBuffer inbox = ByteBuffer.allocateDirect(READ_BYTES);
    private final Consumer<SelectionKey> ready = this::ready;

    Load(InetSocketAddress target, int messageBytes) throws IOException {
        this.target = target;
        this.messageBytes = messageBytes;
        this.selector = Selector.open();
        this.pattern = new Pattern(Math.max(messageBytes, READ_BYTES));
    }

    /** @param deadline of {@link System#nanoTime} */
    final void runUntil(long deadline) throws IOException {
        while (System.nanoTime() - deadline < 0) {
            step();
        }
    }

    final void step() throws IOException {
        selector.select(ready, LOOK_AT_CLOCK_MILLIS);
    }

    final void runFor(double seconds) throws IOException {
        runUntil(System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1)));
    }

    private void ready(SelectionKey key) {
        Link link = (Link) key.attachment();
        try {
            int operations = key.readyOps();
            if ((operations & SelectionKey.OP_CONNECT) != 0) {
                link.channel().finishConnect();
            }
            if (link.allowed == 0) {
                connected(link);
            }
            if ((operations & SelectionKey.OP_READ) != 0) {
                read(link);
            }
            if (key.isValid() && (operations & ~SelectionKey.OP_READ) != 0) {
                send(link);
            }
        } catch (IOException e) {
            fail(link);
            ended(link);
        }
    }

    private void read(Link link) throws IOException {
        int count = link.channel().read(inbox.clear());
        if (count < 0) {
            ended(link);
            return;
        }
        if (!pattern.matches(inbox.flip(), link.expected())) {
            tally.mismatches++;
        }
        long before = link.received;
        link.received += count;
        tally.bytes += count;
        if (link.received > link.sent) {
            fail(link);
        }
        received(link, before);
    }

    final void send(Link link) throws IOException {
        link.send(pattern, messageBytes);
    }

    final void fail(Link link) {
        if (link.fail()) {
            tally.errors++;
        }
    }

    /** May send from now on: sets how much. */
    abstract void connected(Link link);

    /** @param before how many bytes had been received before those of this read */
    abstract void received(Link link, long before) throws IOException;

    /** The peer finished, or the connection failed; the link is to be closed. */
    abstract void ended(Link link);

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            ((Link) key.attachment()).close();
        }
        selector.close();
    }
}
