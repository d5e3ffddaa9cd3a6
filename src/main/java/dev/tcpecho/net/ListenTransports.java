package dev.tcpecho.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoopGroup;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.impl.transports.KQueueTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.transport.Transport;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Gives Vert.x transports that let {@link SidePortSockets} set up the HTTP server, which Quarkus makes. Our own
 * listening sockets need none of it: see {@link SingleSocketVertx}.
 *
 * <p>In dev mode Quarkus keeps one Vert.x, and with it the transport of the first class loader, for the whole session.
 * A transport therefore offers its set-ups as a {@link Supplier} of a {@link Map}: types that every class loader
 * shares. When the very first start of dev mode fails, Quarkus makes that Vert.x before this class is known.
 */
public final class ListenTransports implements VertxServiceProvider {
    @Override
    public void init(VertxBuilder builder) {
        Transport found = builder.findTransport();
        if (found instanceof EpollTransport) {
            builder.findTransport(new Epoll());
        } else if (found instanceof KQueueTransport) {
            builder.findTransport(new KQueue());
        } else if (found instanceof JDKTransport) {
            builder.findTransport(new Nio());
        }
    }

    /** Set-ups of servers by name; those that are put there have no effect on a transport that is not of this class. */
    @SuppressWarnings("unchecked") // erased by the class loader boundary; see above
    static Map<String, Consumer<ServerBootstrap>> setups(Transport transport) {
        return transport instanceof Supplier<?> supplier
                ? (Map<String, Consumer<ServerBootstrap>>) supplier.get()
                : new ConcurrentHashMap<>();
    }

    /** What every transport here shares. */
    private static final class Setups {
        final Map<String, Consumer<ServerBootstrap>> byName = new ConcurrentHashMap<>();

        /** What comes here is the HTTP server; its bounds, once Vert.x has configured it. */
        void applySidePort(ServerBootstrap bootstrap) {
            Consumer<ServerBootstrap> setup = byName.get(SidePortSockets.SETUP);
            if (setup != null) {
                setup.accept(bootstrap);
            }
        }
    }

    private static final class Epoll extends EpollTransport
            implements Supplier<Map<String, Consumer<ServerBootstrap>>> {
        private final Setups setups = new Setups();
        private EventLoopGroup loops;

        @Override
        public Map<String, Consumer<ServerBootstrap>> get() {
            return setups.byName;
        }

        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            super.configure(options, domainSocket, bootstrap);
            setups.applySidePort(bootstrap);
        }

        /** One group accepts and serves: one thread less. */
        @Override
        public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
            if (type == ACCEPTOR_EVENT_LOOP_GROUP && loops != null) {
                return loops;
            }
            loops = super.eventLoopGroup(type, threads, factory, ioRatio);
            return loops;
        }
    }

    private static final class KQueue extends KQueueTransport
            implements Supplier<Map<String, Consumer<ServerBootstrap>>> {
        private final Setups setups = new Setups();

        @Override
        public Map<String, Consumer<ServerBootstrap>> get() {
            return setups.byName;
        }

        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            super.configure(options, domainSocket, bootstrap);
            setups.applySidePort(bootstrap);
        }
    }

    private static final class Nio extends JDKTransport implements Supplier<Map<String, Consumer<ServerBootstrap>>> {
        private final Setups setups = new Setups();

        @Override
        public Map<String, Consumer<ServerBootstrap>> get() {
            return setups.byName;
        }

        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            super.configure(options, domainSocket, bootstrap);
            setups.applySidePort(bootstrap);
        }
    }
}
