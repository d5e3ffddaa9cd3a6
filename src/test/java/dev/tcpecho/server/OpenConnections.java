package dev.tcpecho.server;

import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.RunningEcho;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.vertx.core.impl.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** The server's side of connections, for tests that break something there. */
final class OpenConnections {
    private OpenConnections() {}

    /** The channel of the one connection that is open, once that of the start-up check is gone. */
    static Channel only(RunningEcho echo) {
        await().until(() -> echo.traffic().active() == 1 && all(echo).size() == 1);
        return all(echo).get(0).channel();
    }

    static List<Connection> all(RunningEcho echo) {
        List<Connection> all = new ArrayList<>();
        ((VertxInternal) echo.vertx()).getEventLoopGroup().forEach(executor -> {
            EventLoop loop = (EventLoop) executor;
            try {
                all.addAll(loop.submit(() -> echo.listener().connectionsOn(loop).list())
                        .get());
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        });
        return all;
    }
}
