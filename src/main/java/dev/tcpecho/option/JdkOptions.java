package dev.tcpecho.option;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * NIO channels: the options that the JDK knows, with its own view of them. It halves buffer sizes, and on an IPv6
 * socket its one IP_TOS is IPV6_TCLASS, so that IPv4's own is out of reach there.
 */
enum JdkOptions implements OptionAccess {
    IPV4(false),
    IPV6(true);

    private static final Map<SocketOption, ChannelOption<Object>> OPTIONS = new EnumMap<>(SocketOption.class);

    static {
        for (SocketOption option : SocketOption.values()) {
            if (option.jdk() != null) {
                OPTIONS.put(option, nio(option.jdk()));
            }
        }
    }

    private final boolean ipv6;

    JdkOptions(boolean ipv6) {
        this.ipv6 = ipv6;
    }

    @SuppressWarnings("unchecked") // values are converted to the type that the JDK's option names
    private static ChannelOption<Object> nio(java.net.SocketOption<?> option) {
        return (ChannelOption<Object>) NioChannelOption.of(option);
    }

    @Override
    public boolean canWrite(Channel channel, SocketOption option) {
        return read(channel, option) != null;
    }

    @Override
    public boolean canWriteAccepted(SocketOption option) {
        return canRead(option);
    }

    @Override
    public boolean canRead(SocketOption option) {
        return OPTIONS.containsKey(option) && !isMisnamed(option);
    }

    @Override
    public void write(Channel channel, SocketOption option, OptionValue value) {
        Object typed = Encoding.number(value);
        channel.config()
                .setOption(OPTIONS.get(option), option.encoding() == Encoding.FLAG ? (Object) !typed.equals(0) : typed);
    }

    @Override
    public OptionValue read(Channel channel, SocketOption option) {
        try {
            return canRead(option) ? value(channel.config().getOption(OPTIONS.get(option))) : null;
        } catch (ChannelException e) {
            return null; // the socket is gone
        }
    }

    @Override
    public Set<Means> means(SocketOption option) {
        return isMisnamed(option) ? EnumSet.of(Means.HALVED, Means.MISNAMED) : EnumSet.of(Means.HALVED);
    }

    private boolean isMisnamed(SocketOption option) {
        return ipv6 && option.level() == Level.IP && OPTIONS.containsKey(option);
    }

    /** A flag as 0 or 1; null for what is no number. */
    static OptionValue value(Object value) {
        if (value instanceof Boolean on) {
            return OptionValue.of(on);
        }
        return value instanceof Number number ? OptionValue.of(number.longValue()) : null;
    }
}
