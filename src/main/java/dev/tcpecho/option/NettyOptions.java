package dev.tcpecho.option;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.util.EnumSet;
import java.util.Set;

/** Channels of other native transports (kqueue): the options that Netty names. */
enum NettyOptions implements OptionAccess {
    INSTANCE;

    private static final Set<SocketOption> ON_CONNECTIONS = EnumSet.of(
            SocketOption.SO_RCVBUF,
            SocketOption.SO_SNDBUF,
            SocketOption.SO_KEEPALIVE,
            SocketOption.SO_LINGER,
            SocketOption.TCP_NODELAY,
            SocketOption.IP_TOS);

    @Override
    public boolean canWrite(Channel channel, SocketOption option) {
        return option != SocketOption.BACKLOG && channel.config().getOptions().containsKey(named(option));
    }

    @Override
    public boolean canWriteAccepted(SocketOption option) {
        return ON_CONNECTIONS.contains(option);
    }

    @Override
    public void write(Channel channel, SocketOption option, Object value) {
        boolean flag = channel.config().getOption(named(option)) instanceof Boolean;
        channel.config().setOption(named(option), flag ? (Object) ((Long) value != 0) : Math.toIntExact((Long) value));
    }

    @Override
    public Object read(Channel channel, SocketOption option) {
        return canWrite(channel, option) ? JdkOptions.number(channel.config().getOption(named(option))) : null;
    }

    private static ChannelOption<Object> named(SocketOption option) {
        return ChannelOption.valueOf(
                option == SocketOption.SO_REUSEPORT
                        ? "io.netty.channel.unix.UnixChannelOption#SO_REUSEPORT"
                        : option.name());
    }
}
