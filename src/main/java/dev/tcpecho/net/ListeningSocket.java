package dev.tcpecho.net;

import dev.tcpecho.kernel.PortTable;
import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.option.AcceptedBy;
import dev.tcpecho.option.OptionAccess;
import dev.tcpecho.option.RequestedOptions;
import dev.tcpecho.option.TcpInfoOption;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.util.AttributeKey;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One bound socket of a listener: a {@link NetServer} of the managed Vert.x whose socket got its options before bind(),
 * and which hands accepted channels straight to their handler.
 */
public final class ListeningSocket {
    private static final AttributeKey<ListeningSocket> SELF = AttributeKey.valueOf("tcp-echo.listening-socket");

    private final NetServer server;
    private final Channel channel;
    private final Binding binding;
    private final EventLoop acceptingLoop;
    private final RequestedOptions requestedOptions;
    private final ListenerOptions options;
    private final Acceptor acceptor;
    private final AcceptQueue acceptQueue;

    /**
     * Binds and listens.
     *
     * @param reception gets the accepted channels
     * @return fails with what the set-up threw or the kernel said; then nothing stays open
     */
    public static CompletableFuture<ListeningSocket> open(Vertx vertx, Binding binding, Reception reception) {
        VertxInternal managed = (VertxInternal) vertx;
        EventLoop acceptingLoop = acceptingLoop(managed, binding.shard());
        Made made = new Made();
        SingleSocketVertx own = new SingleSocketVertx(
                managed,
                binding.isIpv6() ? InternetProtocolFamily.IPv6 : InternetProtocolFamily.IPv4,
                acceptingLoop,
                (server, channel) ->
                        made.socket = new ListeningSocket(server, channel, binding, managed, acceptingLoop, reception));
        return own.server()
                .listen(SocketAddress.inetSocketAddress(binding.address()))
                .map(bound -> {
                    made.socket.requestedOptions.listening();
                    OwnSockets.add(made.socket.channel);
                    return made.socket;
                })
                .toCompletionStage()
                .toCompletableFuture();
    }

    /** Where the socket that Vert.x made on its way through bind() is found again. */
    private static final class Made {
        volatile ListeningSocket socket;
    }

    /** On epoll one of the loops that serve: a connection changes threads only when another loop is to serve it. */
    private static EventLoop acceptingLoop(VertxInternal vertx, Shard shard) {
        if (!(vertx.transport() instanceof EpollTransport)) {
            return vertx.getAcceptorEventLoopGroup().next();
        }
        List<EventLoop> loops = EventLoops.of(vertx);
        return shard.isOnly() ? vertx.getEventLoopGroup().next() : loops.get(shard.number() % loops.size());
    }

    private ListeningSocket(
            NetServer server,
            Channel channel,
            Binding binding,
            VertxInternal vertx,
            EventLoop acceptingLoop,
            Reception reception) {
        this.server = server;
        this.channel = channel;
        channel.attr(SELF).set(this);
        this.binding = binding;
        this.acceptingLoop = acceptingLoop;
        this.requestedOptions = new RequestedOptions(binding.settings(), binding.isIpv6(), binding.v6Only());
        this.options = new ListenerOptions(requestedOptions, channel, binding.isIpv6());
        this.acceptQueue = new AcceptQueue(channel, requestedOptions, binding.settings());
        EventLoopGroup loops = vertx.getEventLoopGroup();
        channel.config().setOption(ChannelOption.SO_BACKLOG, binding.settings().acceptBacklog());
        this.acceptor = new Acceptor(
                new AcceptedSockets(reception, requestedOptions, binding.settings()),
                requestedOptions.write(channel),
                this,
                reception,
                // A shard serves what it accepts; the only socket of an address deals to all loops in turn.
                binding.shard().isOnly() ? loops::next : () -> acceptingLoop);
        channel.pipeline().addLast(acceptor);
        if (OptionAccess.isEpoll(channel)) {
            AcceptedDescriptors.watch(channel);
        }
        channel.config().setAutoRead(binding.accepts());
        acceptQueue.sampleFrom(vertx, acceptingLoop);
    }

    /** The one that accepted this connection. */
    public static ListeningSocket of(Channel accepted) {
        return AcceptedBy.listening(accepted).attr(SELF).get();
    }

    /** Dev mode: its connections before it accepts them, and those that another socket accepted. */
    public Adoption adoption() {
        return new Adoption(this, channel, acceptor, acceptingLoop, requestedOptions);
    }

    /** Dev mode, once closed: a connection that another socket adopts does not lead here any more. */
    public void forget() {
        channel.attr(SELF).set(null);
    }

    /** Stops listening and frees the port; accepted connections go on. Closing twice is harmless. */
    public CompletableFuture<Void> close() {
        options.keep();
        return server.close().toCompletionStage().toCompletableFuture();
    }

    /** The local address, with the port that it got. */
    public InetSocketAddress address() {
        return channel.localAddress() instanceof InetSocketAddress local
                // What the channel tells has lost the scope of a link-local address.
                ? new InetSocketAddress(binding.address().getAddress(), local.getPort())
                : binding.address();
    }

    public Shard shard() {
        return binding.shard();
    }

    public boolean isIpv6() {
        return binding.isIpv6();
    }

    /** What the kernel says, who may have ended it from outside (ss -K); the channel's word where that is not told. */
    public boolean isListening() {
        if (!channel.isActive()) {
            return false;
        }
        Optional<TcpInfo> info = TcpInfoOption.read(channel);
        if (info.isPresent()) {
            return info.get().isListening();
        }
        return PortTable.listening(address().getPort())
                .map(rows -> rows.stream().anyMatch(OwnSockets::contains))
                .orElse(true);
    }

    /** Whether accepting pauses after a failed accept(). */
    public boolean isAcceptPaused() {
        return acceptor.isPaused();
    }

    /** The event loop that accepts; empty once closed. */
    public Optional<EventLoop> loop() {
        return channel.isOpen() ? Optional.of(acceptingLoop) : Optional.empty();
    }

    /** What the options of this socket, and of the connections that it accepted, are. */
    public ListenerOptions options() {
        return options;
    }

    public boolean hasAccepted(Channel connection) {
        return AcceptedBy.listening(connection) == channel;
    }

    /** Listening sockets of others that meet this one's connections; none where that cannot be read. */
    public List<OtherListener> others() {
        return OtherListener.of(address(), binding.v6Only()).orElse(List.of());
    }

    /** How many {@link #others()} there are. */
    public int otherListeners() {
        return others().size();
    }

    /** Freshly sampled. */
    public AcceptQueue acceptQueue() {
        acceptQueue.sample();
        return acceptQueue;
    }
}
