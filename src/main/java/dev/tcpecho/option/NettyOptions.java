package dev.tcpecho.option;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.util.EnumSet;
import java.util.Set;

/** Channels of other native transports (kqueue): the options that Netty names. */
enum NettyOptions implements OptionAccess {
    INSTANCE;

    @Override
    public boolean canWrite(Channel channel, SocketOption option) {
        return option.netty() != null && channel.config().getOptions().containsKey(option.netty());
    }

    @Override
    public boolean canWriteAccepted(SocketOption option) {
        return option.netty() != null;
    }

    @Override
    public boolean canRead(SocketOption option) {
        return option.netty() != null;
    }

    @Override
    @SuppressWarnings("unchecked") // a flag is a Boolean, any other an Integer
    public void write(Channel channel, SocketOption option, OptionValue value) {
        Object typed = Encoding.number(value);
        channel.config()
                .setOption(
                        (ChannelOption<Object>) option.netty(),
                        option.encoding() == Encoding.FLAG ? (Object) !typed.equals(0) : typed);
    }

    @Override
    public OptionValue read(Channel channel, SocketOption option) {
        return canWrite(channel, option) ? JdkOptions.value(channel.config().getOption(option.netty())) : null;
    }

    @Override
    public Set<Means> means(SocketOption option) {
        return EnumSet.noneOf(Means.class);
    }
}
