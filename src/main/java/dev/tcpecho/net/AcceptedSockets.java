package dev.tcpecho.net;

import dev.tcpecho.option.OptionAccess;
import dev.tcpecho.option.RequestedOptions;
import dev.tcpecho.option.SocketOption;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollMode;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.Native;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.function.Function;

/** Makes accepted sockets ready to be served: what they do not inherit from their listener, and how they are polled. */
final class AcceptedSockets {
    private static final VarHandle POLL_FLAGS = pollFlags();

    private final RequestedOptions requestedOptions;
    private final Function<EventLoop, RecvByteBufAllocator> readBuffers;

    AcceptedSockets(Function<EventLoop, RecvByteBufAllocator> readBuffers, RequestedOptions requestedOptions) {
        this.readBuffers = readBuffers;
        this.requestedOptions = requestedOptions;
    }

    /**
     * Before the channel is registered. The half-close is ours to handle: without it Netty drops what is queued on FIN.
     *
     * @param late what has to be written on every accepted socket
     */
    void prepare(Channel accepted, EventLoop loop, Map<SocketOption, Object> late) {
        accepted.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        accepted.config().setRecvByteBufAllocator(readBuffers.apply(loop));
        if (OptionAccess.isEpoll(accepted)) {
            pollWithoutSurprises((EpollSocketChannel) accepted);
        }
        if (!late.isEmpty()) {
            requestedOptions.writeLate(accepted, late);
        }
    }

    /**
     * Level-triggered, and without EPOLLRDHUP. Edge-triggered, Netty reads once more after every short read, only to
     * see EAGAIN. With EPOLLRDHUP it reads on after the peer's FIN although reading is paused, so that a slow reader
     * that has sent much and half-closed costs as much memory as its receive buffer holds, not one read. EPOLLIN from
     * the start saves an epoll_ctl per connection.
     */
    private static void pollWithoutSurprises(EpollSocketChannel accepted) {
        if (POLL_FLAGS == null) {
            accepted.config().setEpollMode(EpollMode.LEVEL_TRIGGERED);
        } else {
            POLL_FLAGS.set(accepted, Native.EPOLLIN);
        }
    }

    /**
     * The field is protected in a package-private class; there is no public way. Null if a later Netty has no such
     * field.
     */
    private static VarHandle pollFlags() {
        try {
            Class<?> owner = Class.forName("io.netty.channel.epoll.AbstractEpollChannel");
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                    .findVarHandle(owner, "flags", int.class)
                    .withInvokeBehavior();
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
