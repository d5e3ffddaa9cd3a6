package dev.tcpecho.net;

import dev.tcpecho.option.AcceptedBy;
import dev.tcpecho.option.RequestedOptions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** In dev mode: how a listening socket comes to connections that another one accepted. */
public final class Adoption {
    private final ListeningSocket socket;
    private final Channel channel;
    private final Acceptor acceptor;
    private final EventLoop acceptingLoop;
    private final RequestedOptions requestedOptions;

    Adoption(
            ListeningSocket socket,
            Channel channel,
            Acceptor acceptor,
            EventLoop acceptingLoop,
            RequestedOptions requestedOptions) {
        this.socket = socket;
        this.channel = channel;
        this.acceptor = acceptor;
        this.acceptingLoop = acceptingLoop;
        this.requestedOptions = requestedOptions;
    }

    /** Dev mode: has the gate see what is accepted before anybody else does, once this is complete. */
    public CompletableFuture<Void> putBehind(EditGate gate) {
        // From another thread Netty would show it nothing until the loop has had its turn.
        return CompletableFuture.runAsync(
                () -> {
                    ChannelHandlerContext first = channel.pipeline().context(acceptor);
                    if (first != null) { // null once it is closed
                        channel.pipeline().addBefore(first.name(), null, gate);
                    }
                },
                acceptingLoop);
    }

    /** Whether a connection that another socket accepted could have been accepted by this one. */
    public boolean covers(Channel accepted) {
        return accepted.localAddress() instanceof InetSocketAddress local
                && local.getPort() == socket.address().getPort()
                && Addresses.isIpv6(local.getAddress()) == socket.isIpv6()
                && (socket.address().getAddress().isAnyLocalAddress()
                        || socket.address().getAddress().equals(local.getAddress()));
    }

    /**
     * Serves a connection as if this socket had accepted it. What was settled by the handshake, such as the window
     * scale, stays.
     *
     * @param accepted not registered
     */
    public void adopt(Channel accepted) {
        AcceptedBy.adopt(accepted, channel);
        requestedOptions.writeInherited(accepted);
        acceptingLoop.execute(() -> acceptor.take(accepted));
    }
}
