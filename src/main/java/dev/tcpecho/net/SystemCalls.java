package dev.tcpecho.net;

import dev.tcpecho.option.OptionAccess;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;

/** What a connection asks of the kernel directly where the transport allows it; on the event loop. */
final class SystemCalls {
    private SystemCalls() {}

    /**
     * Sends at once what the kernel takes, past the channel's own queue, which must be empty.
     *
     * @return how many bytes were taken; they have been read from the buffer. Fewer than there were: the kernel takes
     *     no more for now
     * @throws IOException the connection's end
     * @throws NotYetConnectedException ENOTCONN: its end as well
     */
    static int send(Channel channel, ByteBuf bytes) throws IOException {
        int sent;
        if (!(channel instanceof UnixChannel unix)) {
            NioUnsafe nio = (NioUnsafe) channel.unsafe();
            sent = ((SocketChannel) nio.ch()).write(nioBuffer(bytes));
        } else if (bytes.hasMemoryAddress()) {
            Socket socket = (Socket) unix.fd();
            sent = socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex());
        } else { // Unsafe is denied, or the buffer is not one piece of direct memory
            ByteBuffer buffer = nioBuffer(bytes);
            sent = buffer.isDirect() ? ((Socket) unix.fd()).send(buffer, buffer.position(), buffer.limit()) : 0;
        }
        bytes.skipBytes(sent);
        return sent;
    }

    private static ByteBuffer nioBuffer(ByteBuf bytes) {
        return bytes.nioBufferCount() == 1
                ? bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes())
                : bytes.nioBuffer();
    }

    /**
     * Has the kernel keep what fills no segment until {@link #sendFin}, where there is such an option (tcp(7),
     * TCP_CORK): one segment less for each reply, and one wake-up of the peer.
     */
    static void holdForFin(Channel channel) {
        if (OptionAccess.isEpoll(channel)) {
            try {
                channel.config().setOption(EpollChannelOption.TCP_CORK, true);
            } catch (ChannelException e) {
                // The peer has gone already, as the next call will tell.
            }
        }
    }

    /**
     * Sends our FIN behind all that was written, which must have been flushed.
     *
     * <p>Netty's own shutdownOutput() makes an exception with a stack trace each time, for writes that might follow; on
     * a Unix channel the system call alone does.
     */
    static void sendFin(Channel channel, Outflow.Sender sender) {
        if (channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
            try {
                socket.shutdown(false, true);
            } catch (IOException | NotYetConnectedException e) {
                sender.failed(e);
            }
        } else {
            ((DuplexChannel) channel).shutdownOutput();
        }
    }

    /**
     * Closes the socket of a channel whose own close follows at once and has nothing to send. Netty finds it closed and
     * neither asks for SO_LINGER nor takes it out of epoll, which the kernel has done.
     */
    static void close(Channel channel) {
        if (channel instanceof UnixChannel unix) {
            ((SocketChannelConfig) channel.config()).setAllowHalfClosure(false); // there is nothing to shut down
            try {
                unix.fd().close();
            } catch (IOException e) {
                // The descriptor is gone all the same: close(2).
            }
        }
    }
}
