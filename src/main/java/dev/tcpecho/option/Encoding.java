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

/** How Linux keeps a value: what setsockopt and getsockopt are given, or where else it stands. */
enum Encoding {
    /** An int that is 0 or not. */
    FLAG,
    /** An int. */
    NUMBER,
    /** struct linger: two ints, whether it is on and for how many seconds. */
    LINGER {
        @Override
        void write(Channel channel, SocketOption option, OptionValue value) {
            ByteBuffer linger = ByteBuffer.allocate(LINGER_LENGTH).order(ByteOrder.nativeOrder());
            channel.config()
                    .setOption(
                            raw(option, LINGER_LENGTH),
                            linger.putInt(1).putInt(number(value)).flip());
        }

        @Override
        OptionValue read(Channel channel, SocketOption option) {
            ByteBuffer linger = channel.config().getOption(raw(option, LINGER_LENGTH));
            linger.order(ByteOrder.nativeOrder());
            return OptionValue.of(linger.getInt(0) == 0 ? -1 : linger.getInt(4));
        }
    },
    /** A text of 16 bytes at most, filled with zeros. */
    NAME {
        @Override
        void write(Channel channel, SocketOption option, OptionValue value) {
            byte[] name = value.toString().getBytes(StandardCharsets.US_ASCII);
            ByteBuffer padded = ByteBuffer.allocate(NAME_LENGTH);
            channel.config()
                    .setOption(
                            raw(option, NAME_LENGTH), padded.put(0, name, 0, Math.min(NAME_LENGTH - 1, name.length)));
        }

        @Override
        OptionValue read(Channel channel, SocketOption option) {
            ByteBuffer name = channel.config().getOption(raw(option, NAME_LENGTH));
            return OptionValue.of(
                    StandardCharsets.US_ASCII.decode(name).toString().replaceAll("\0.*", ""));
        }
    },
    /** What listen() was given; TCP_INFO of a socket that listens tells, of another it says 0. */
    BACKLOG {
        @Override
        OptionValue read(Channel channel, SocketOption option) {
            return TcpInfoOption.read(channel)
                    .filter(TcpInfo::isListening)
                    .map(TcpInfo::acceptQueueMax)
                    .map(OptionValue::of)
                    .orElse(null);
        }
    },
    /** A flag of the open file: fcntl(F_GETFL) is out of reach; /proc shows the same flags, in octal. */
    FILE_FLAG {
        @Override
        OptionValue read(Channel channel, SocketOption option) {
            Path flags = Path.of(
                    "/proc/self/fdinfo",
                    String.valueOf(((UnixChannel) channel).fd().intValue()));
            try (var lines = Files.lines(flags)) {
                return lines.filter(line -> line.startsWith("flags:"))
                        .findFirst()
                        .map(line -> Long.parseLong(line.substring(6).strip(), 8) >> O_NONBLOCK_BIT & 1)
                        .map(OptionValue::of)
                        .orElse(null);
            } catch (IOException e) {
                return null;
            }
        }
    };

    private static final int LINGER_LENGTH = 8;
    private static final int NAME_LENGTH = 16;
    private static final int O_NONBLOCK_BIT = 11;

    /** @throws ChannelException when the kernel refuses the value */
    void write(Channel channel, SocketOption option, OptionValue value) {
        channel.config().setOption(integer(option), number(value));
    }

    /**
     * Null where the kernel does not tell.
     *
     * @throws ChannelException when it does not know the option, or the socket is gone
     */
    OptionValue read(Channel channel, SocketOption option) {
        return OptionValue.of(channel.config().getOption(integer(option)));
    }

    static int number(OptionValue value) {
        return Math.toIntExact(value.asNumber().orElseThrow());
    }

    private static IntegerUnixChannelOption integer(SocketOption option) {
        return new IntegerUnixChannelOption(option.name(), option.level().number(), option.number());
    }

    private static RawUnixChannelOption raw(SocketOption option, int length) {
        return new RawUnixChannelOption(option.name(), option.level().number(), option.number(), length);
    }
}
