package dev.tcpecho.net;

import dev.tcpecho.option.OptionAccess;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** One that reads nothing, and whose end is a reset for what is unread. */
final class DeafConnection extends FaultyConnection {
    DeafConnection(Fault fault, SplittableRandom random, LongSupplier nanos, ReadAhead ahead) {
        super(fault, random, nanos, ahead);
    }

    /**
     * The kernel resets what closes with unread input. The JDK sends a FIN before it closes what a selector knows,
     * unless SO_LINGER is 0 (SocketChannelImpl.implCloseNonBlockingMode), and does not tell what is unread.
     */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (begun && !OptionAccess.isEpoll(context.channel())) {
            AcceptedSockets.resetOnClose(context.channel());
        }
        context.close(promise);
    }
}
