package dev.tcpecho.net;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Who is at the other end of a connection.
 *
 * @param socket the address that the kernel has, of a proxy when there is one
 * @param source the address that a trusted proxy named
 * @param subject of the certificate that the peer proved
 */
public record Peer(InetSocketAddress socket, Optional<InetSocketAddress> source, Optional<String> subject) {
    /** Set on the channel by the handler of the entrance that learns it, before it lets the connection begin. */
    public static final AttributeKey<InetSocketAddress> SOURCE = AttributeKey.valueOf("tcp-echo.peer.source");

    /** As {@link #SOURCE}. */
    public static final AttributeKey<String> SUBJECT = AttributeKey.valueOf("tcp-echo.peer.subject");

    /** From any thread. The socket's address is null once the kernel has forgotten it before we asked. */
    public static Peer of(Channel channel) {
        return new Peer(
                (InetSocketAddress) channel.remoteAddress(),
                Optional.ofNullable(learned(channel, SOURCE)),
                Optional.ofNullable(learned(channel, SUBJECT)));
    }

    /** The address of whom the connection serves: the source where there is one. */
    public InetSocketAddress address() {
        return source.orElse(socket);
    }

    private static <T> T learned(Channel channel, AttributeKey<T> key) {
        return channel.hasAttr(key) ? channel.attr(key).get() : null;
    }
}
