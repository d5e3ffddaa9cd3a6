package dev.tcpecho.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** A client of TLS 1.3 that has its records in its hands, and decides what of them it sends and when. */
public final class TlsPeer implements AutoCloseable {
    /** More than any record, and what one read may bring behind it. */
    private static final int ROOM = 40_000;

    private static final int TIMEOUT_MILLIS = 20_000;

    private final SocketChannel channel = SocketChannel.open();
    private final SSLEngine engine;
    private final ByteBuffer arrived = ByteBuffer.allocate(ROOM).flip();
    private final ByteBuffer plain = ByteBuffer.allocate(ROOM).flip();

    private TlsPeer(SSLContext context) throws IOException {
        engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
    }

    /** With its handshake done, on a blocking channel with small buffers. */
    public static TlsPeer connect(InetSocketAddress address, SSLContext context) throws IOException {
        TlsPeer peer = new TlsPeer(context);
        try {
            peer.channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
            peer.channel.setOption(StandardSocketOptions.SO_SNDBUF, 16_384);
            peer.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            peer.channel.socket().setSoTimeout(TIMEOUT_MILLIS);
            peer.channel.connect(address);
            peer.handshake();
            return peer;
        } catch (IOException | RuntimeException e) {
            peer.close();
            throw e;
        }
    }

    private void handshake() throws IOException {
        engine.beginHandshake();
        for (HandshakeStatus status = engine.getHandshakeStatus();
                status != HandshakeStatus.NOT_HANDSHAKING;
                status = engine.getHandshakeStatus()) {
            switch (status) {
                case NEED_WRAP -> send(record(new byte[0]));
                case NEED_TASK -> engine.getDelegatedTask().run();
                default -> unwrap();
            }
        }
    }

    /** What goes over the wire for these bytes, which have to fit into one record. */
    public ByteBuffer record(byte[] bytes) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(ROOM);
        SSLEngineResult result = engine.wrap(ByteBuffer.wrap(bytes), record);
        assertThat(result.bytesConsumed()).isEqualTo(bytes.length);
        return record.flip();
    }

    public TlsPeer send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return this;
    }

    /** @return exactly so many bytes */
    public byte[] read(int count) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(count);
        while (all.hasRemaining()) {
            if (!plain.hasRemaining()) {
                unwrap();
            }
            int some = Math.min(all.remaining(), plain.remaining());
            all.put(plain.slice(plain.position(), some));
            plain.position(plain.position() + some);
        }
        return all.array();
    }

    private void unwrap() throws IOException {
        SSLEngineResult result = engine.unwrap(arrived, plain.compact());
        plain.flip();
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            arrived.compact();
            int count =
                    channel.socket().getInputStream().read(arrived.array(), arrived.position(), arrived.remaining());
            if (count < 0) {
                throw new EOFException("ended in the middle of a record");
            }
            arrived.position(arrived.position() + count).flip();
        }
    }

    /** The wire. */
    public SocketChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
