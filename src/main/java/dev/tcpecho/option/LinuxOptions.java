package dev.tcpecho.option;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import java.util.EnumSet;
import java.util.Set;

/** Epoll channels: setsockopt and getsockopt by number, for every option of the catalogue. */
enum LinuxOptions implements OptionAccess {
    INSTANCE;

    @Override
    public boolean canWrite(Channel channel, SocketOption option) {
        return option.hasNumber();
    }

    @Override
    public boolean canWriteAccepted(SocketOption option) {
        return option.hasNumber();
    }

    @Override
    public boolean canRead(SocketOption option) {
        return true;
    }

    @Override
    public void write(Channel channel, SocketOption option, OptionValue value) {
        option.encoding().write(channel, option, value);
    }

    @Override
    public OptionValue read(Channel channel, SocketOption option) {
        try {
            return option.encoding().read(channel, option);
        } catch (ChannelException e) {
            return null; // this kernel does not know the option, or the socket is gone
        }
    }

    @Override
    public Set<Means> means(SocketOption option) {
        return EnumSet.of(Means.EVERY_OPTION);
    }
}
