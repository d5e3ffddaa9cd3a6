package dev.tcpecho.option;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * Writes and reads socket options on a channel, by the means of its transport. Values are {@link Long} or
 * {@link String}; flags are 0 or 1, SO_LINGER off is -1.
 */
public interface OptionAccess {
    /** Whether {@link #write} can do anything for this option on this channel. */
    boolean canWrite(Channel channel, SocketOption option);

    /** Whether {@link #write} can do anything for this option on the connections that a listening channel accepts. */
    boolean canWriteAccepted(SocketOption option);

    /** @throws ChannelException when the kernel refuses */
    void write(Channel channel, SocketOption option, Object value);

    /** The value in force, or null where it cannot be read. */
    Object read(Channel channel, SocketOption option);

    static OptionAccess of(Channel channel) {
        if (channel instanceof NioServerSocketChannel || channel instanceof NioSocketChannel) {
            return JdkOptions.INSTANCE;
        }
        return isEpoll(channel) ? LinuxOptions.INSTANCE : NettyOptions.INSTANCE;
    }

    static boolean isEpoll(Channel channel) {
        return Epoll.isAvailable()
                && (channel instanceof EpollSocketChannel || channel instanceof EpollServerSocketChannel);
    }
}
