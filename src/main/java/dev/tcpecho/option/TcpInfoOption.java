package dev.tcpecho.option;

import dev.tcpecho.kernel.TcpInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** TCP_INFO of a channel's socket, with one getsockopt. */
public final class TcpInfoOption {
    private static final RawUnixChannelOption OPTION =
            new RawUnixChannelOption("TCP_INFO", TcpInfo.LEVEL, TcpInfo.NUMBER, TcpInfo.LENGTH);

    /** How many bytes this kernel sends; 0 until that was found out. */
    private static volatile int length;

    private TcpInfoOption() {}

    /** Empty on any transport but epoll, and when the socket is gone. */
    public static Optional<TcpInfo> read(Channel channel) {
        if (!OptionAccess.isEpoll(channel) || !channel.isOpen()) {
            return Optional.empty();
        }
        try {
            ByteBuffer info = channel.config().getOption(OPTION);
            return Optional.of(new TcpInfo(info, length(channel)));
        } catch (ChannelException | IOException e) {
            return Optional.empty();
        }
    }

    /** Netty does not hand out the length that came back: what the kernel leaves as it was, it does not send. */
    private static int length(Channel channel) throws IOException {
        if (length == 0 && ((UnixChannel) channel).fd() instanceof Socket socket) {
            byte[] ones = read(socket, (byte) -1);
            byte[] zeros = read(socket, (byte) 0);
            int end = TcpInfo.LENGTH;
            while (end > 0 && ones[end - 1] == -1 && zeros[end - 1] == 0) {
                end--;
            }
            length = end;
        }
        return length;
    }

    private static byte[] read(Socket socket, byte filling) throws IOException {
        byte[] bytes = new byte[TcpInfo.LENGTH];
        Arrays.fill(bytes, filling);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        socket.getRawOpt(TcpInfo.LEVEL, TcpInfo.NUMBER, buffer);
        return bytes;
    }
}
