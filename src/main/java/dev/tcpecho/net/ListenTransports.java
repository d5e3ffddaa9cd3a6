package dev.tcpecho.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.impl.transports.KQueueTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.transport.Transport;
import java.nio.channels.spi.SelectorProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Gives Vert.x transports that let {@link ListeningSocket} set up a server bootstrap before its socket exists, since
 * {@link NetServerOptions} sets most options on accepted sockets only.
 *
 * <p>In dev mode Quarkus keeps one Vert.x, and with it the transport of the first class loader, for the whole session.
 * A transport therefore offers its set-ups as a {@link Supplier} of a {@link Map}: types that every class loader
 * shares.
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
            Transport preferred = builder.options().getPreferNativeTransport() ? VertxBuilder.nativeTransport() : null;
            builder.findTransport(new Nio(preferred == null ? null : preferred.unavailabilityCause()));
        }
    }

    /**
     * Set-ups that wait for their server, by the token that stands in {@link NetServerOptions#getHost()}.
     *
     * @throws IllegalStateException when Vert.x runs on a transport that this class did not provide
     */
    @SuppressWarnings("unchecked") // erased by the class loader boundary; see above
    static Map<String, Consumer<ServerBootstrap>> setups(Transport transport) {
        if (transport instanceof Supplier<?> supplier) {
            return (Map<String, Consumer<ServerBootstrap>>) supplier.get();
        }
        throw new IllegalStateException("Vert.x runs on " + transport.getClass().getName()
                + ", which cannot set up listening sockets: is META-INF/services/io.vertx.core.spi.VertxServiceProvider"
                + " on the class path?");
    }

    /** What every transport here shares: the set-ups, and the family of the socket that is about to be made. */
    private static final class Setups {
        final Map<String, Consumer<ServerBootstrap>> byToken = new ConcurrentHashMap<>();
        private final ThreadLocal<InternetProtocolFamily> family = new ThreadLocal<>();

        /** Whether a set-up was waiting for this server. */
        boolean apply(NetServerOptions options, ServerBootstrap bootstrap) {
            Consumer<ServerBootstrap> setup = byToken.remove(options.getHost());
            family.remove();
            if (setup == null) {
                return false;
            }
            setup.accept(bootstrap);
            family.set((InternetProtocolFamily) bootstrap.config().attrs().get(ListeningSocket.FAMILY));
            return true;
        }

        /** What has no set-up of its own is the HTTP server; its bounds, once Vert.x has configured it. */
        void applySidePort(ServerBootstrap bootstrap) {
            Consumer<ServerBootstrap> setup = byToken.get(SidePortSockets.SETUP);
            if (setup != null) {
                setup.accept(bootstrap);
            }
        }

        /** Vert.x asks for the channel factory right after it configured the bootstrap, on the same thread. */
        InternetProtocolFamily takeFamily() {
            InternetProtocolFamily taken = family.get();
            family.remove();
            return taken;
        }
    }

    private static final class Epoll extends EpollTransport
            implements Supplier<Map<String, Consumer<ServerBootstrap>>> {
        private final Setups setups = new Setups();
        private EventLoopGroup loops;

        @Override
        public Map<String, Consumer<ServerBootstrap>> get() {
            return setups.byToken;
        }

        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            if (!setups.apply(options, bootstrap)) {
                super.configure(options, domainSocket, bootstrap);
                setups.applySidePort(bootstrap);
            }
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            InternetProtocolFamily family = setups.takeFamily();
            return family == null
                    ? super.serverChannelFactory(domainSocket)
                    : () -> new EpollServerSocketChannel(family);
        }

        /** One group accepts and serves: a connection changes threads only when another loop is to serve it. */
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
            return setups.byToken;
        }

        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            if (!setups.apply(options, bootstrap)) {
                super.configure(options, domainSocket, bootstrap);
                setups.applySidePort(bootstrap);
            }
        }
    }

    private static final class Nio extends JDKTransport implements Supplier<Map<String, Consumer<ServerBootstrap>>> {
        private final Setups setups = new Setups();
        private final Throwable nativeUnavailable;

        Nio(Throwable nativeUnavailable) {
            this.nativeUnavailable = nativeUnavailable;
        }

        @Override
        public Map<String, Consumer<ServerBootstrap>> get() {
            return setups.byToken;
        }

        @Override
        public Throwable unavailabilityCause() {
            return nativeUnavailable;
        }

        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            if (!setups.apply(options, bootstrap)) {
                super.configure(options, domainSocket, bootstrap);
                setups.applySidePort(bootstrap);
            }
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            InternetProtocolFamily family = setups.takeFamily();
            return family == null
                    ? super.serverChannelFactory(domainSocket)
                    : () -> new NioServerSocketChannel(SelectorProvider.provider(), family);
        }
    }
}
