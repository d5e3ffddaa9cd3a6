package dev.tcpecho.check;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** An HTTP server on a free loopback port with one answer for every path. */
final class SidePort implements AutoCloseable {
    private final HttpServer server;

    SidePort(int status, String body) throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), status, body);
    }

    SidePort(InetSocketAddress address, int status, String body) throws IOException {
        this(address, Duration.ZERO, status, body);
    }

    /** Thinks for so long before each answer. */
    SidePort(InetSocketAddress address, Duration thought, int status, String body) throws IOException {
        server = HttpServer.create(address, 50);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            LockSupport.parkNanos(thought.toNanos());
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
