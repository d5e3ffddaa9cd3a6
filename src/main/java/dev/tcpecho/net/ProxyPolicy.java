package dev.tcpecho.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Who may, or has to, begin a connection with a PROXY header.
 *
 * @param trusted whose headers are believed
 * @param time for the whole header
 * @param told of each outcome, with the channel, on its event loop
 */
public record ProxyPolicy(ProxyMode mode, List<Cidr> trusted, Duration time, BiConsumer<ProxyOutcome, Channel> told) {

    /** Of the entrance. */
    public Function<Channel, ChannelHandler> step() {
        return accepted -> new ProxyGate(this);
    }

    boolean isTrusted(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress peer
                && trusted.stream().anyMatch(each -> each.contains(peer.getAddress()));
    }

    boolean isRequired() {
        return mode == ProxyMode.REQUIRED;
    }
}
