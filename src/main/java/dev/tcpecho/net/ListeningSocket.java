package dev.tcpecho.net;

import dev.tcpecho.kernel.PortTable;
import dev.tcpecho.kernel.Sysctls;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.OptionValue;
import dev.tcpecho.option.RequestedOptions;
import dev.tcpecho.option.Role;
import dev.tcpecho.option.SocketOption;
import dev.tcpecho.option.SocketSettings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * One bound socket of a listener: a {@link NetServer} of the managed Vert.x whose socket got its options before bind(),
 * and which hands accepted channels straight to their handler.
 */
public final class ListeningSocket {
    static final AttributeKey<InternetProtocolFamily> FAMILY = AttributeKey.valueOf("tcp-echo.family");

    private final SocketSettings settings;
    private final InetSocketAddress asked;
    private final Shard shard;
    private final RequestedOptions requestedOptions;
    private final Reception reception;
    private final AcceptedSockets acceptedSockets;
    private final AcceptQueue acceptQueue;

    private NetServer server;
    private volatile ScheduledFuture<?> sampling;
    private EventLoopGroup loops;
    private volatile Channel channel;
    private volatile Acceptor acceptor;
    private volatile List<OptionReading> lastReadings = List.of();

    /**
     * @param asked resolved address; port 0 takes any free one
     * @param shard the last of its address are bound after the first, to whose port they go
     * @param v6Only keep an IPv6 socket from taking IPv4 connections as well
     * @param reception gets the accepted channels
     */
    public ListeningSocket(
            InetSocketAddress asked, Shard shard, boolean v6Only, SocketSettings settings, Reception reception) {
        this.asked = asked;
        this.shard = shard;
        this.settings = settings;
        this.reception = reception;
        this.requestedOptions = new RequestedOptions(settings, isIpv6(), v6Only);
        this.acceptedSockets = new AcceptedSockets(reception, requestedOptions, settings);
        this.acceptQueue = new AcceptQueue(requestedOptions);
    }

    /**
     * Binds and listens. Fails with the kernel's exception; then nothing stays open.
     *
     * @param port the port asked for, or the one that the first shard got
     */
    public Future<ListeningSocket> bind(Vertx vertx, int port) {
        String token = "tcp-echo/" + UUID.randomUUID();
        loops = ((VertxInternal) vertx).getEventLoopGroup();
        ListenTransports.setups(((VertxInternal) vertx).transport()).put(token, this::setUp);
        server = vertx.createNetServer(new NetServerOptions().setHost(token))
                .connectHandler(socket -> socket.close()); // never called: accepted channels do not reach Vert.x
        return server.listen(SocketAddress.inetSocketAddress(shard.labelled(asked.getAddress(), port)))
                .map(bound -> {
                    requestedOptions.listening();
                    return sampling();
                });
    }

    /** Stops listening and frees the port; accepted connections go on. Closing twice is harmless. */
    public Future<Void> close() {
        lastReadings = options();
        if (sampling != null) {
            sampling.cancel(false);
        }
        return server == null ? Future.succeededFuture() : server.close();
    }

    public InetSocketAddress address() {
        Channel bound = channel;
        return bound != null && bound.localAddress() instanceof InetSocketAddress local ? local : asked;
    }

    public Shard shard() {
        return shard;
    }

    public boolean isIpv6() {
        return asked.getAddress() instanceof Inet6Address;
    }

    public boolean isListening() {
        return channel != null && channel.isActive();
    }

    /** Whether accepting pauses after a failed accept(). */
    public boolean isAcceptPaused() {
        Acceptor accepting = acceptor;
        return accepting != null && accepting.isPaused();
    }

    /** The event loop that accepts; empty before the bind. */
    public Optional<EventLoop> loop() {
        Channel bound = channel;
        return bound == null || !bound.isRegistered() ? Optional.empty() : Optional.of(bound.eventLoop());
    }

    /** Every option of the listening socket; the last reading once it is closed. */
    public List<OptionReading> options() {
        return options(Sysctls.read());
    }

    /** Every option of the listening socket, judged by these sysctls; the last reading once it is closed. */
    public List<OptionReading> options(Sysctls sysctls) {
        Channel bound = channel;
        if (bound == null || !bound.isOpen()) {
            return lastReadings;
        }
        List<OptionReading> readings = requestedOptions.read(Role.LISTENER, bound, sysctls);
        return bound.isOpen() ? readings : lastReadings;
    }

    /** One option of the listening socket; empty when it is closed or of the other protocol family. */
    public Optional<OptionReading> option(SocketOption option) {
        Channel bound = channel;
        if (bound == null || !bound.isOpen() || !option.appliesTo(Role.LISTENER, isIpv6())) {
            return Optional.empty();
        }
        return options().stream().filter(reading -> reading.option() == option).findFirst();
    }

    /** The effective values of the listening socket that can be read. */
    public Map<SocketOption, OptionValue> values() {
        Channel bound = channel;
        if (bound != null && bound.isOpen()) {
            return requestedOptions.values(Role.LISTENER, bound).values();
        }
        Map<SocketOption, OptionValue> values = new EnumMap<>(SocketOption.class);
        lastReadings.stream()
                .filter(reading -> reading.effective() != null)
                .forEach(reading -> values.put(reading.option(), reading.effective()));
        return values;
    }

    /** The options of which a socket of this role can tell; nothing before the bind. */
    public Set<SocketOption> knowable(Role role) {
        Channel bound = channel;
        return bound == null ? Set.of() : requestedOptions.knowable(role, bound);
    }

    /** The options that are asked for on a socket of this role. */
    public Set<SocketOption> requested(Role role) {
        return requestedOptions.requested(role);
    }

    public boolean hasAccepted(Channel connection) {
        return connection.parent() == channel;
    }

    /** Every option of a connection that this socket accepted. */
    public List<OptionReading> options(Channel accepted) {
        return requestedOptions.read(Role.ACCEPTED, accepted, Sysctls.read());
    }

    /** Sockets of other processes that share this address and port; 0 where that cannot be read. */
    public int otherListeners() {
        return Math.max(0, PortTable.listeningOn(address()).orElse(0) - (isListening() ? shard.of() : 0));
    }

    /** Freshly sampled. */
    public AcceptQueue acceptQueue() {
        Channel bound = channel;
        if (bound != null) {
            acceptQueue.sample(bound);
        }
        return acceptQueue;
    }

    /** Not on the accepting loop if there is another: while that one is busy, the queue grows. */
    private ListeningSocket sampling() {
        EventLoop sampler = channel.eventLoop();
        for (EventExecutor each : loops) {
            if (each != channel.eventLoop()) {
                sampler = (EventLoop) each;
            }
        }
        sampling = sampler.scheduleWithFixedDelay(
                () -> acceptQueue.sample(channel),
                AcceptQueue.SAMPLE_MILLIS,
                AcceptQueue.SAMPLE_MILLIS,
                TimeUnit.MILLISECONDS);
        return this;
    }

    private void setUp(ServerBootstrap bootstrap) {
        acceptor = new Acceptor(this::created, acceptedSockets, this, reception, this::servingLoop);
        bootstrap
                .attr(FAMILY, isIpv6() ? InternetProtocolFamily.IPv6 : InternetProtocolFamily.IPv4)
                .option(ChannelOption.SO_BACKLOG, settings.acceptBacklog())
                .handler(acceptor);
    }

    /** A shard serves what it accepts; the only socket of an address deals to all loops in turn. */
    private EventLoop servingLoop() {
        return shard.isOnly() ? loops.next() : channel.eventLoop();
    }

    /** Before bind(): from here on the socket has its options. */
    private Map<SocketOption, OptionValue> created(Channel listening) {
        channel = listening;
        return requestedOptions.write(listening);
    }
}
