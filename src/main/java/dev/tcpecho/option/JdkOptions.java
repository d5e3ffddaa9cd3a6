package dev.tcpecho.option;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.util.EnumMap;
import java.util.Map;

/** NIO channels: the options that the JDK knows, with its own view of them (it halves buffer sizes). */
enum JdkOptions implements OptionAccess {
    INSTANCE;

    private static final Map<SocketOption, ChannelOption<Object>> OPTIONS = new EnumMap<>(SocketOption.class);

    static {
        for (SocketOption option : SocketOption.values()) {
            if (option.jdk() != null) {
                OPTIONS.put(option, nio(option.jdk()));
            }
        }
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
        return OPTIONS.containsKey(option);
    }

    @Override
    public void write(Channel channel, SocketOption option, Object value) {
        Object typed =
                option.jdk().type() == Boolean.class ? (Object) ((Long) value != 0) : Math.toIntExact((Long) value);
        channel.config().setOption(OPTIONS.get(option), typed);
    }

    @Override
    public Object read(Channel channel, SocketOption option) {
        ChannelOption<Object> nio = OPTIONS.get(option);
        try {
            return nio == null ? null : number(channel.config().getOption(nio));
        } catch (ChannelException e) {
            return null; // the socket is gone
        }
    }

    /** A flag as 0 or 1; null for what is no number. */
    static Long number(Object value) {
        if (value instanceof Boolean on) {
            return on ? 1L : 0L;
        }
        return value instanceof Number number ? (Long) number.longValue() : null;
    }
}
