package dev.tcpecho.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A thread that echoes one connection: what a byte there and back takes on this machine at this moment. A bound on time
 * that forgets it measures the neighbours.
 */
public final class PlainEcho implements AutoCloseable {
    private final ServerSocket listener;
    private final Peer peer;

    private PlainEcho(ServerSocket listener) {
        this.listener = listener;
        Thread thread = new Thread(this::echo, "plain echo");
        thread.setDaemon(true);
        thread.start();
        this.peer = Peer.connect(new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()));
    }

    public static PlainEcho start() {
        try {
            return new PlainEcho(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void echo() {
        try (Socket socket = listener.accept()) {
            socket.setTcpNoDelay(true);
            for (int read = socket.getInputStream().read();
                    read >= 0;
                    read = socket.getInputStream().read()) {
                socket.getOutputStream().write(read);
            }
        } catch (IOException closed) {
            // by close()
        }
    }

    /** One byte there and back. */
    public void roundTrip() {
        peer.send("x").expect("x");
    }

    @Override
    public void close() {
        peer.close();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
