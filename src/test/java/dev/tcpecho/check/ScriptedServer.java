package dev.tcpecho.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP server on a free loopback port that does to each connection, on a thread of its own, what the test scripted.
 */
final class ScriptedServer implements AutoCloseable {
    interface Script {
        void play(InputStream in, OutputStream out) throws IOException, InterruptedException;
    }

    /** A script that needs the socket itself. */
    interface SocketScript {
        void play(Socket socket) throws IOException, InterruptedException;
    }

    /** The service's mode {@code once}. */
    static final Script ONCE = (in, out) -> {
        byte[] read = new byte[100];
        out.write(read, 0, Math.max(0, in.read(read)));
    };

    /** The service's mode {@code stream}. */
    static final Script STREAM = InputStream::transferTo;

    private final ServerSocket listener;
    private final AtomicInteger served = new AtomicInteger();

    ScriptedServer(Script script) throws IOException {
        this(0, script);
    }

    ScriptedServer(int port, Script script) throws IOException {
        this(port, socket -> script.play(socket.getInputStream(), socket.getOutputStream()));
    }

    ScriptedServer(SocketScript script) throws IOException {
        this(0, script);
    }

    private ScriptedServer(int port, SocketScript script) throws IOException {
        listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        start(() -> accept(script), "scripted-server");
    }

    private static void start(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(SocketScript script) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                served.incrementAndGet();
                start(() -> serve(socket, script), "scripted-connection");
            } catch (IOException e) {
                // close() breaks accept.
            }
        }
    }

    private static void serve(Socket accepted, SocketScript script) {
        try (Socket socket = accepted) {
            script.play(socket);
        } catch (IOException | InterruptedException e) {
            // A script may break its connection.
        }
    }

    /** Connections so far. */
    int served() {
        return served.get();
    }

    String hostAndPort() {
        return listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
