package dev.tcpecho.net;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Who is at the other end of a connection.
 *
 * @param socket the address that the kernel has, of a proxy when there is one
 * @param proxy what a trusted proxy told
 * @param tls what was agreed in the handshake
 */
public record Peer(InetSocketAddress socket, Optional<ProxyHeader> proxy, Optional<TlsSession> tls) {
    /** Set on the channel by the handler of the entrance that learns it, before it lets the connection begin. */
    static final AttributeKey<ProxyHeader> PROXY = AttributeKey.valueOf("tcp-echo.peer.proxy");

    /** As {@link #PROXY}. */
    static final AttributeKey<TlsSession> TLS = AttributeKey.valueOf("tcp-echo.peer.tls");

    /** From any thread. The socket's address is null once the kernel has forgotten it before we asked. */
    public static Peer of(Channel channel) {
        return new Peer((InetSocketAddress) channel.remoteAddress(), learned(channel, PROXY), learned(channel, TLS));
    }

    /** The address that a trusted proxy named. */
    public Optional<InetSocketAddress> source() {
        return proxy.flatMap(ProxyHeader::source);
    }

    /** The address of whom the connection serves: the source where there is one. */
    public InetSocketAddress address() {
        return source().orElse(socket);
    }

    private static <T> Optional<T> learned(Channel channel, AttributeKey<T> key) {
        return channel.hasAttr(key) ? Optional.ofNullable(channel.attr(key).get()) : Optional.empty();
    }
}
