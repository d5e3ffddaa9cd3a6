package dev.tcpecho.option;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/** What one socket dropped: the last of the nine figures of SO_MEMINFO (linux/sock_diag.h, SK_MEMINFO_DROPS). */
public final class SocketDrops {
    private static final int FIGURES = 9;
    private static final RawUnixChannelOption OPTION =
            new RawUnixChannelOption("SO_MEMINFO", Level.SOCKET.number(), 55, FIGURES * Integer.BYTES);

    private SocketDrops() {}

    /** Empty on any transport but epoll, and on kernels before 4.12. */
    public static OptionalLong read(Channel channel) {
        if (!OptionAccess.isEpoll(channel)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Integer.toUnsignedLong(channel.config()
                    .getOption(OPTION)
                    .order(ByteOrder.nativeOrder())
                    .getInt((FIGURES - 1) * Integer.BYTES)));
        } catch (ChannelException e) {
            return OptionalLong.empty();
        }
    }
}
