package dev.tcpecho.option;

import dev.tcpecho.kernel.TcpInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import java.util.Optional;

/** TCP_INFO of a channel's socket, with one getsockopt. */
public final class TcpInfoOption {
    private static final RawUnixChannelOption OPTION =
            new RawUnixChannelOption("TCP_INFO", TcpInfo.LEVEL, TcpInfo.NUMBER, TcpInfo.LENGTH);

    private TcpInfoOption() {}

    /** Empty on any transport but epoll, and when the socket is gone. */
    public static Optional<TcpInfo> read(Channel channel) {
        if (!OptionAccess.isEpoll(channel) || !channel.isOpen()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TcpInfo(channel.config().getOption(OPTION)));
        } catch (ChannelException e) {
            return Optional.empty();
        }
    }
}
