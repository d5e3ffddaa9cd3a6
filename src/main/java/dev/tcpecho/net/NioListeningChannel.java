package dev.tcpecho.net;

import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;

/**
 * A listening socket on NIO that resets what it accepted and could not make a channel of. Netty closes it in order,
 * which looks like an end, and logs a stack trace. What the JDK itself cannot make a channel of is closed before
 * anybody has it.
 */
final class NioListeningChannel extends NioServerSocketChannel {
    NioListeningChannel(InternetProtocolFamily family) {
        super(SelectorProvider.provider(), family);
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        SocketChannel channel = javaChannel().accept();
        if (channel == null) {
            return 0;
        }
        try {
            channel.configureBlocking(false); // where that fails Netty closes the channel itself
            accepted.add(new NioSocketChannel(this, channel));
            return 1;
        } catch (IOException | RuntimeException e) {
            reset(channel);
            throw new IOException(e.getMessage(), e); // whatever else a read of it throws closes the listening socket
        }
    }

    private static void reset(SocketChannel channel) throws IOException {
        try (channel) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
    }
}
