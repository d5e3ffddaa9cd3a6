package dev.tcpecho.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection of the load client: where it stands in its pattern, and when each message in flight began. */
final class Link {
    private final long offset;
    private final long[] startedAt;
    private SocketChannel channel;
    private SelectionKey key;
    private boolean failed;

    long sent;
    long received;
    /** How far it may send; the load moves it on. */
    long allowed;

    /** @param inFlight the most messages in flight */
    Link(int number, int inFlight) {
        offset = number * 7_919L;
        startedAt = new long[inFlight];
    }

    /** @param source the address to come from; null = the kernel's choice */
    void connect(Selector selector, InetSocketAddress target, InetAddress source) throws IOException {
        sent = 0;
        received = 0;
        allowed = 0;
        failed = false;
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (source != null) {
            channel.bind(new InetSocketAddress(source, 0));
        }
        boolean connected = channel.connect(target);
        key = channel.register(selector, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, this);
    }

    SocketChannel channel() {
        return channel;
    }

    void began(long message, long at) {
        startedAt[(int) (message % startedAt.length)] = at;
    }

    long startedAt(long message) {
        return startedAt[(int) (message % startedAt.length)];
    }

    /** Writes what is allowed, a message at a time; the rest waits until the socket takes it. */
    void send(Pattern pattern, int messageBytes) throws IOException {
        while (sent < allowed) {
            int part = (int) (sent % messageBytes);
            if (part == 0) {
                began(sent / messageBytes, System.nanoTime());
            }
            int written = channel.write(pattern.at(offset + sent, messageBytes - part));
            sent += written;
            if (written < messageBytes - part) {
                want(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
        }
        want(SelectionKey.OP_READ);
    }

    /** Where in the pattern the next byte to come must be. */
    long expected() {
        return offset + received;
    }

    private void want(int operations) {
        if (key.interestOps() != operations) {
            key.interestOps(operations);
        }
    }

    /** True for the first call of a connection: its failure counts once. */
    boolean fail() {
        boolean first = !failed;
        failed = true;
        return first;
    }

    void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            failed = true;
        }
    }
}
