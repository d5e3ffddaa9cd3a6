package dev.tcpecho.net;

import dev.tcpecho.option.OptionAccess;
import dev.tcpecho.option.OptionValue;
import dev.tcpecho.option.RequestedOptions;
import dev.tcpecho.option.SavedSynOption;
import dev.tcpecho.option.SocketOption;
import dev.tcpecho.option.SocketSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollMode;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.Native;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;

/** Makes accepted sockets ready to be served: what they do not inherit from their listener, and how they are polled. */
final class AcceptedSockets {
    private static final VarHandle POLL_FLAGS = epollField("flags", int.class);

    private final RequestedOptions requestedOptions;
    private final Reception reception;
    private final boolean lingers;
    private final boolean keepsSyn;

    AcceptedSockets(Reception reception, RequestedOptions requestedOptions, SocketSettings settings) {
        this.lingers = linger(settings) > 0;
        this.keepsSyn = settings.tcpSaveSyn().orElse(false);
        this.reception = reception;
        this.requestedOptions = requestedOptions;
    }

    /**
     * Before the channel is registered. The half-close is ours to handle: without it Netty drops what is queued on FIN.
     *
     * @param late what has to be written on every accepted socket
     */
    void prepare(Channel accepted, EventLoop loop, Map<SocketOption, OptionValue> late) {
        accepted.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        accepted.config().setRecvByteBufAllocator(reception.readsOn(loop));
        if (OptionAccess.isEpoll(accepted)) {
            pollWithoutSurprises((EpollSocketChannel) accepted);
        }
        if (!late.isEmpty()) {
            requestedOptions.writeLate(accepted, late);
        }
        if (keepsSyn) {
            SavedSynOption.keep(accepted);
        }
    }

    /** SO_LINGER of accepted sockets, in seconds; negative when it is off. */
    static int linger(SocketSettings settings) {
        return settings.soLinger().map(time -> (int) time.toSeconds()).orElse(-1);
    }

    /** In order, before the channel is registered. */
    void refuse(Channel accepted) {
        if (lingers) {
            closeWithoutWaiting(accepted);
        }
        accepted.unsafe().closeForcibly();
    }

    /**
     * Has the close that follows send a reset. Not once the channel is closed: its descriptor may be that of another
     * connection by now.
     */
    static void resetOnClose(Channel channel) {
        linger(channel, 0);
    }

    /**
     * Has the close that follows wait for nothing. SO_LINGER with a time changes nothing on the wire on Linux, where
     * close() only waits for the peer's acknowledgements and leaves the rest to the kernel after the time (tcp_close()
     * in net/ipv4/tcp.c); Netty closes such channels on one thread for all of them, one after the other.
     */
    static void closeWithoutWaiting(Channel channel) {
        linger(channel, -1);
    }

    static void linger(Channel channel, int seconds) {
        if (channel.isOpen()) {
            try {
                channel.config().setOption(ChannelOption.SO_LINGER, seconds);
            } catch (ChannelException e) {
                // The peer has gone already; the close only tidies up.
            }
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

    /** The fields are of a package-private class; there is no public way. Null if a later Netty has no such field. */
    static VarHandle epollField(String name, Class<?> type) {
        try {
            Class<?> owner = Class.forName("io.netty.channel.epoll.AbstractEpollChannel");
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                    .findVarHandle(owner, name, type)
                    .withInvokeBehavior();
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
