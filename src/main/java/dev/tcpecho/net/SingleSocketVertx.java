package dev.tcpecho.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.impl.NetServerImpl;
import io.vertx.core.net.impl.ServerID;
import io.vertx.core.net.impl.TCPServerBase;
import io.vertx.core.spi.transport.Transport;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The managed Vert.x as the {@link NetServer} of one listening socket sees it; all else goes to the managed one.
 *
 * <ul>
 *   <li>The transport makes one socket, of the family of its address, and has it set up before Vert.x gets it: what
 *       throws there is the bind's own failure.
 *   <li>The table of servers is this one's own. Vert.x has servers of the same port and host string share the first
 *       one's socket, be they of one name's other address, another shard, or left over from before a reload.
 * </ul>
 */
final class SingleSocketVertx extends VertxWrapper {
    private final Map<ServerID, TCPServerBase> servers = new HashMap<>();
    private final EventLoop acceptingLoop;
    private final Transport transport;
    private final NetServer server;

    /**
     * @param setUp called once, with the server and its socket, which is neither bound nor registered yet and which no
     *     other thread knows
     */
    SingleSocketVertx(
            VertxInternal vertx,
            InternetProtocolFamily family,
            EventLoop acceptingLoop,
            BiConsumer<NetServer, ServerChannel> setUp) {
        super(vertx);
        this.acceptingLoop = acceptingLoop;
        this.transport = new SetUpTransport(vertx.transport(), family, channel -> setUp.accept(server(), channel));
        this.server = new NetServerImpl(this, new NetServerOptions())
                .connectHandler(socket -> socket.close()); // never called: accepted channels do not reach Vert.x
    }

    NetServer server() {
        return server;
    }

    @Override
    public Transport transport() {
        return transport;
    }

    @Override
    public EventLoopGroup getAcceptorEventLoopGroup() {
        return acceptingLoop;
    }

    @Override
    @SuppressWarnings("unchecked") // only NetServers are made here
    public <S extends TCPServerBase> Map<ServerID, S> sharedTCPServers(Class<S> type) {
        return (Map<ServerID, S>) servers;
    }

    private record SetUpTransport(Transport managed, InternetProtocolFamily family, Consumer<ServerChannel> setUp)
            implements Transport {
        /** Nothing: the options of {@link NetServerOptions} reach accepted sockets only, and ours are set already. */
        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {}

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            return () -> {
                ServerChannel made = make();
                boolean complete = false;
                try {
                    setUp.accept(made);
                    complete = true;
                } finally {
                    if (!complete) {
                        made.unsafe().closeForcibly();
                    }
                }
                return made;
            };
        }

        private ServerChannel make() {
            if (managed instanceof EpollTransport) {
                return new EpollServerSocketChannel(family);
            }
            if (managed instanceof JDKTransport) {
                return new NioListeningChannel(family);
            }
            return managed.serverChannelFactory(false).newChannel();
        }

        @Override
        public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
            return managed.eventLoopGroup(type, threads, factory, ioRatio);
        }

        @Override
        public DatagramChannel datagramChannel() {
            return managed.datagramChannel();
        }

        @Override
        public DatagramChannel datagramChannel(InternetProtocolFamily ofFamily) {
            return managed.datagramChannel(ofFamily);
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return managed.channelFactory(domainSocket);
        }
    }
}
