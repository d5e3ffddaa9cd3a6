package dev.tcpecho.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A scripted peer on a raw, blocking socket: each step returns the peer, so that a script reads as one sentence. */
public final class Peer implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private volatile boolean toldOfReset;

    private Peer(Socket socket) {
        this.socket = socket;
    }

    public static Peer connect(InetSocketAddress address) {
        return connect(address, 0);
    }

    /** @param receiveBuffer set before the connect, so that the window is small from the start; 0 = the kernel's */
    public static Peer connect(InetSocketAddress address, int receiveBuffer) {
        Socket socket = new Socket();
        return act(() -> {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(address, TIMEOUT_MILLIS);
            return new Peer(socket);
        });
    }

    /**
     * By an IPv4 socket: on one of both families Java sets the class of IPv6 alone.
     *
     * @param trafficClass of every packet, the SYN as well
     */
    public static Peer ofClass(InetSocketAddress address, int trafficClass) {
        return act(() -> {
            Socket socket = SocketChannel.open(StandardProtocolFamily.INET).socket();
            socket.setTrafficClass(trafficClass);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(address, TIMEOUT_MILLIS);
            return new Peer(socket);
        });
    }

    /** Empty when the connection is reset before connect() returns, as can happen to one that sends and is refused. */
    public static Optional<Peer> tryConnect(InetSocketAddress address) {
        try {
            return Optional.of(connect(address));
        } catch (UncheckedIOException e) {
            assertThat(e.getCause()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
            return Optional.empty();
        }
    }

    /** A connection that ends at once, without a byte. */
    public static void expectRefusal(InetSocketAddress address) {
        connect(address).expectFin().close();
    }

    public Peer send(byte[] bytes) {
        return act(() -> {
            socket.getOutputStream().write(bytes);
            return this;
        });
    }

    public Peer send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends and half-closes while the script goes on. */
    public CompletableFuture<Void> sendingAndFin(byte[] bytes) {
        return CompletableFuture.runAsync(() -> send(bytes).fin());
    }

    /** Sends while the script goes on. */
    public CompletableFuture<Void> sending(byte[] bytes) {
        return CompletableFuture.runAsync(() -> send(bytes));
    }

    /** Sends until the connection is gone. */
    public void sendForEver() {
        byte[] bytes = new byte[16 << 10];
        try {
            while (true) {
                socket.getOutputStream().write(bytes);
            }
        } catch (IOException gone) {
            assertThat(gone).isInstanceOf(SocketException.class);
        }
    }

    /** Sends until the connection ends, by whichever side. */
    public void trySend(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            toldOfReset = true; // the end that the script has in store for it
        }
    }

    /** Half-closes: no more will be sent, yet reading goes on. */
    public Peer fin() {
        return act(() -> {
            socket.shutdownOutput();
            return this;
        });
    }

    /** Drops the connection with RST. */
    public Peer reset() {
        return act(() -> {
            socket.setSoLinger(true, 0);
            socket.close();
            return this;
        });
    }

    /** Reads exactly this many bytes, fewer only if the stream ends before. */
    public byte[] read(int count) {
        return act(() -> socket.getInputStream().readNBytes(count));
    }

    /** Everything up to the orderly end. */
    public byte[] readUntilFin() {
        return act(() -> socket.getInputStream().readAllBytes());
    }

    public Peer expect(byte[] bytes) {
        assertThat(read(bytes.length)).isEqualTo(bytes);
        return this;
    }

    public Peer expect(String text) {
        return expect(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The orderly end, with nothing before it. */
    public Peer expectFin() {
        assertThat(act(() -> socket.getInputStream().read())).isEqualTo(-1);
        return this;
    }

    /** An abnormal end, whatever was still to be read before it. */
    public Peer expectReset() {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The kernel tells of a reset once; whoever was told while sending reads an end.
        assertThat(toldOfReset).as("a reset, not an orderly end").isTrue();
        return this;
    }

    /** Half-closes, and meets some end, in order or not, with nothing before it. */
    public Peer expectEndAfterFin() {
        try {
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        act(() -> {
            socket.close();
            return null;
        });
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    private static <T> T act(Step<T> step) {
        try {
            return step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
