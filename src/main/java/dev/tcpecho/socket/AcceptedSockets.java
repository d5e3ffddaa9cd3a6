package dev.tcpecho.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollMode;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.Native;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** Makes accepted sockets ready to be served: what they do not inherit from their listener, and how they are polled. */
final class AcceptedSockets {
    private static final VarHandle POLL_FLAGS = pollFlags();

    private final Map<SocketOption, Object> lateOptions = new EnumMap<>(SocketOption.class);
    private final Map<SocketOption, String> refusals;
    private final Function<EventLoop, RecvByteBufAllocator> readBuffers;

    AcceptedSockets(Function<EventLoop, RecvByteBufAllocator> readBuffers, Map<SocketOption, String> refusals) {
        this.readBuffers = readBuffers;
        this.refusals = refusals;
    }

    /** Has an option written on every accepted socket, since the listener's value does not reach it. */
    void alsoWrite(SocketOption option, Object value) {
        lateOptions.put(option, value);
    }

    /**
     * Before the channel is registered. The half-close is ours to handle: without it Netty drops what is queued on FIN.
     */
    void prepare(Channel accepted, EventLoop loop) {
        accepted.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        accepted.config().setRecvByteBufAllocator(readBuffers.apply(loop));
        if (OptionAccess.isEpoll(accepted)) {
            pollWithoutSurprises((EpollSocketChannel) accepted);
        }
        if (!lateOptions.isEmpty()) {
            writeLateOptions(accepted);
        }
    }

    private void writeLateOptions(Channel accepted) {
        OptionAccess access = OptionAccess.of(accepted);
        lateOptions.forEach((option, value) -> {
            if (access.canWrite(accepted, option)) {
                try {
                    access.write(accepted, option, value);
                } catch (ChannelException e) {
                    refusals.put(option, RequestedOptions.message(e));
                }
            }
        });
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
