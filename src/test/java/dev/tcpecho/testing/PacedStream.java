package dev.tcpecho.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Random;

/** One of {@link HealthyStreams}; no two of its messages are alike. */
final class PacedStream {
    private static final int FIN_TIMEOUT_MILLIS = 20_000;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final long pace;
    private final Random random;
    private final ByteBuffer message;
    private final ByteBuffer unsent;
    private final ByteBuffer back;
    private long due;
    private volatile long sent;
    private volatile long tripped;
    private boolean under;

    /** @param pace and delay of the first, in nanoseconds */
    PacedStream(InetSocketAddress echo, Selector selector, int number, long pace, long delay) throws IOException {
        random = new Random(number);
        message = ByteBuffer.allocate(16 + 40 * number);
        unsent = message.duplicate();
        back = ByteBuffer.allocate(message.capacity());
        channel = SocketChannel.open(echo);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ, this);
        this.pace = pace;
        this.due = System.nanoTime() + delay;
        this.tripped = System.nanoTime();
    }

    /** @return in how many nanoseconds it is due next */
    long sendWhenDue(long now) throws IOException {
        if (under) {
            return Long.MAX_VALUE;
        }
        if (now < due) {
            return due - now;
        }
        random.nextBytes(message.array());
        unsent.clear();
        back.clear();
        under = true;
        sent = now;
        write();
        return Long.MAX_VALUE;
    }

    private void write() throws IOException {
        channel.write(unsent);
        key.interestOps(unsent.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /** @return nanoseconds from when the message was due to when it was back; 0 while it is not */
    long proceed() throws IOException {
        if (key.isWritable()) {
            write();
        }
        if (channel.read(back) < 0) {
            throw new AssertionError("ended after " + back.position() + " of " + back.capacity() + " bytes");
        }
        if (!under || back.hasRemaining()) {
            assertThat(under || back.position() == 0).as("nothing unasked").isTrue();
            return 0;
        }
        assertThat(back.array()).isEqualTo(message.array());
        long took = System.nanoTime() - due;
        back.clear(); // room to see what nobody asked for, and the end
        under = false;
        tripped = sent;
        due += pace;
        return took;
    }

    /** Whether it has sent something since and has it back. */
    boolean hasTrippedSince(long nanoTime) {
        return tripped - nanoTime > 0;
    }

    /** Gets back what is under way, and meets our FIN's answer. */
    void finish() throws IOException {
        channel.configureBlocking(true);
        channel.socket().setSoTimeout(FIN_TIMEOUT_MILLIS);
        while (under && unsent.hasRemaining()) {
            channel.write(unsent);
        }
        channel.shutdownOutput();
        byte[] rest = channel.socket().getInputStream().readAllBytes();
        assertThat(rest).hasSize(under ? back.remaining() : 0);
        if (under) {
            back.put(rest);
            assertThat(back.array()).isEqualTo(message.array());
        }
    }

    void drop() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
