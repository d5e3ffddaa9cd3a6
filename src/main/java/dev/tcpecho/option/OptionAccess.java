package dev.tcpecho.option;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.Set;

/** Writes and reads socket options on a channel, by the means of its transport. */
public interface OptionAccess {
    /** Whether {@link #write} can do anything for this option on this channel. */
    boolean canWrite(Channel channel, SocketOption option);

    /** Whether {@link #write} can do anything for this option on the connections that a listening channel accepts. */
    boolean canWriteAccepted(SocketOption option);

    /** Whether {@link #read} can know this option on any socket. */
    boolean canRead(SocketOption option);

    /** @throws ChannelException when the kernel refuses */
    void write(Channel channel, SocketOption option, OptionValue value);

    /** The value in force, or null where it cannot be read. */
    OptionValue read(Channel channel, SocketOption option);

    /** What has to be known of a value that was read so, in a set that may be added to. */
    Set<Means> means(SocketOption option);

    /** @param ipv6 the family of the socket, whatever the peer's address is */
    static OptionAccess of(Channel channel, boolean ipv6) {
        if (channel instanceof NioServerSocketChannel || channel instanceof NioSocketChannel) {
            return ipv6 ? JdkOptions.IPV6 : JdkOptions.IPV4;
        }
        return isEpoll(channel) ? LinuxOptions.INSTANCE : NettyOptions.INSTANCE;
    }

    static boolean isEpoll(Channel channel) {
        return Epoll.isAvailable()
                && (channel instanceof EpollSocketChannel || channel instanceof EpollServerSocketChannel);
    }
}
