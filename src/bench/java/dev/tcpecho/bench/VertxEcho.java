package dev.tcpecho.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;

/**
 * A server to compare with: what a few lines of plain Vert.x do. Arguments: port, {@code stream} or {@code once}, and for
 * TLS a certificate and its key.
 */
final class VertxEcho {
    private VertxEcho() {}

    public static void main(String[] arguments) {
        boolean once = arguments[1].equals("once");
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        NetServerOptions options = new NetServerOptions().setAcceptBacklog(100);
        if (arguments.length > 2) {
            options.setSsl(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertPath(arguments[2])
                            .setKeyPath(arguments[3]));
        }
        vertx.createNetServer(options)
                .connectHandler(once ? VertxEcho::once : VertxEcho::stream)
                .listen(Integer.parseInt(arguments[0]), "127.0.0.1");
    }

    private static void stream(NetSocket socket) {
        socket.pipeTo(socket);
    }

    private static void once(NetSocket socket) {
        socket.handler(bytes -> socket.end(bytes.slice(0, Math.min(bytes.length(), 100))));
    }
}
