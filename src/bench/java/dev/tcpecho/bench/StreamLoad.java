package dev.tcpecho.bench;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Connections that stay, each with a fixed number of messages in flight. */
final class StreamLoad extends Load {
    private final int inFlight;

    StreamLoad(InetSocketAddress target, int connections, int messageBytes, int inFlight) throws IOException {
        super(target, messageBytes);
        this.inFlight = inFlight;
        for (int i = 0; i < connections; i++) {
            new Link(i, inFlight).connect(selector, target, null);
        }
    }

    @Override
    void connected(Link link) {
        link.allowed = (long) messageBytes * inFlight;
    }

    @Override
    void received(Link link, long before) throws IOException {
        long now = System.nanoTime();
        long complete = link.received / messageBytes;
        for (long message = before / messageBytes; message < complete; message++) {
            tally.echoed(now - link.startedAt(message));
        }
        link.allowed = (complete + inFlight) * messageBytes;
        send(link);
    }

    @Override
    void ended(Link link) {
        fail(link);
        link.close();
    }
}
