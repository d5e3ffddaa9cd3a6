package dev.tcpecho.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A TCP server on a free loopback port that does to each connection, in turn, what the test scripted. */
final class ScriptedServer implements AutoCloseable {
    interface Script {
        void play(InputStream in, OutputStream out) throws IOException, InterruptedException;
    }

    /** The service's mode {@code once}. */
    static final Script ONCE = (in, out) -> {
        byte[] read = new byte[100];
        out.write(read, 0, Math.max(0, in.read(read)));
    };

    /** The service's mode {@code stream}. */
    static final Script STREAM = InputStream::transferTo;

    private final ServerSocket listener;

    ScriptedServer(Script script) throws IOException {
        this(0, script);
    }

    ScriptedServer(int port, Script script) throws IOException {
        listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> serve(script), "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Script script) {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                script.play(socket.getInputStream(), socket.getOutputStream());
            } catch (IOException | InterruptedException e) {
                // A script may break its connection, and close() breaks accept.
            }
        }
    }

    String hostAndPort() {
        return listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
