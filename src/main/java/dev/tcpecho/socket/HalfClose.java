package dev.tcpecho.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;

/** Our half of the end of a connection. */
public final class HalfClose {
    private HalfClose() {}

    /**
     * Sends our FIN behind all that was written, which must have been flushed; on the event loop. The channel closes by
     * itself when the peer's FIN comes, and its reset is an exception in the pipeline.
     *
     * <p>Netty's own shutdownOutput() makes an exception with a stack trace each time, for writes that might follow; on
     * a Unix channel the system call alone does.
     */
    public static void sendFin(Channel channel) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        if (channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
            try {
                socket.shutdown(false, true);
            } catch (IOException e) {
                channel.pipeline().fireExceptionCaught(e);
            }
        } else {
            ((DuplexChannel) channel).shutdownOutput();
        }
    }
}
