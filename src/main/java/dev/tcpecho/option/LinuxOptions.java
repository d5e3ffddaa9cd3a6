package dev.tcpecho.option;

import dev.tcpecho.kernel.TcpInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Epoll channels: setsockopt and getsockopt by number, for every option of the catalogue. */
enum LinuxOptions implements OptionAccess {
    INSTANCE;

    private static final int LINGER_LENGTH = 8;
    private static final int CONGESTION_LENGTH = 16;
    private static final int O_NONBLOCK_BIT = 11;

    @Override
    public boolean canWrite(Channel channel, SocketOption option) {
        return option.hasNumber();
    }

    @Override
    public boolean canWriteAccepted(SocketOption option) {
        return option.hasNumber();
    }

    @Override
    public void write(Channel channel, SocketOption option, Object value) {
        switch (option) {
            case SO_LINGER -> channel.config().setOption(raw(option, LINGER_LENGTH), linger((Long) value));
            case TCP_CONGESTION -> channel.config().setOption(raw(option, CONGESTION_LENGTH), padded((String) value));
            default -> channel.config().setOption(integer(option), Math.toIntExact((Long) value));
        }
    }

    @Override
    public Object read(Channel channel, SocketOption option) {
        try {
            return switch (option) {
                case BACKLOG ->
                    TcpInfoOption.read(channel).map(TcpInfo::acceptQueueMax).orElse(null);
                case O_NONBLOCK -> nonBlocking((UnixChannel) channel);
                case SO_LINGER -> {
                    ByteBuffer linger = channel.config().getOption(raw(option, LINGER_LENGTH));
                    linger.order(ByteOrder.nativeOrder());
                    yield linger.getInt(0) == 0 ? -1L : (long) linger.getInt(4);
                }
                case TCP_CONGESTION ->
                    StandardCharsets.US_ASCII
                            .decode(channel.config().getOption(raw(option, CONGESTION_LENGTH)))
                            .toString()
                            .replaceAll("\0.*", "");
                default -> (long) channel.config().getOption(integer(option));
            };
        } catch (ChannelException e) {
            return null; // this kernel does not know the option, or the socket is gone
        }
    }

    private static IntegerUnixChannelOption integer(SocketOption option) {
        return new IntegerUnixChannelOption(option.name(), option.level(), option.number());
    }

    private static RawUnixChannelOption raw(SocketOption option, int length) {
        return new RawUnixChannelOption(option.name(), option.level(), option.number(), length);
    }

    private static ByteBuffer linger(long seconds) {
        return ByteBuffer.allocate(LINGER_LENGTH)
                .order(ByteOrder.nativeOrder())
                .putInt(1)
                .putInt((int) seconds)
                .flip();
    }

    private static ByteBuffer padded(String text) {
        byte[] name = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(CONGESTION_LENGTH).put(0, name, 0, Math.min(CONGESTION_LENGTH - 1, name.length));
    }

    /** fcntl(F_GETFL) is out of reach; /proc shows the same flags, in octal. */
    private static Object nonBlocking(UnixChannel channel) {
        Path flags = Path.of("/proc/self/fdinfo", String.valueOf(channel.fd().intValue()));
        try (var lines = Files.lines(flags)) {
            return lines.filter(line -> line.startsWith("flags:"))
                    .findFirst()
                    .map(line -> Long.parseLong(line.substring(6).strip(), 8) >> O_NONBLOCK_BIT & 1)
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }
}
