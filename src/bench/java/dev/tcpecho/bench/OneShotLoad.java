package dev.tcpecho.bench;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Workers that connect, send one message, read to the end of the stream, close, and begin again. */
final class OneShotLoad extends Load {
    OneShotLoad(InetSocketAddress target, int workers, int messageBytes) throws IOException {
        super(target, messageBytes);
        for (int i = 0; i < workers; i++) {
            dial(new Link(i, 2));
        }
    }

    /** The latency of a connection counts from here; the message's own start is slot 0, this is slot 1. */
    private void dial(Link link) throws IOException {
        link.began(1, System.nanoTime());
        link.connect(selector, target, null);
    }

    @Override
    void connected(Link link) {
        link.allowed = messageBytes;
    }

    @Override
    void received(Link link, long before) {
        // it counts when the peer has finished
    }

    @Override
    void ended(Link link) {
        link.close();
        if (link.received == messageBytes) {
            tally.echoed(System.nanoTime() - link.startedAt(1));
        } else {
            fail(link);
        }
        try {
            dial(link);
        } catch (IOException e) {
            fail(link);
        }
    }
}
