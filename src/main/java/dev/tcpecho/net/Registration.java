package dev.tcpecho.net;

import dev.tcpecho.option.OptionAccess;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import java.lang.invoke.VarHandle;

/**
 * Has whatever closes a channel for a while reset it: of an accepted channel, with its event loop, and later of what a
 * flush fails on. Netty closes what it cannot register before anybody hears of it, and that has to be a reset: a peer
 * could not tell a FIN from an end in order.
 *
 * <p>SO_LINGER could be set before and undone after, two system calls for each connection. On epoll a channel that
 * closes fails its pending connect first, which an accepted one never has: this promise stands there until the
 * connection begins.
 */
final class Registration extends DefaultChannelPromise {
    private static final VarHandle CONNECT_PROMISE = AcceptedSockets.epollField("connectPromise", ChannelPromise.class);

    private Registration(Channel accepted) {
        super(accepted);
    }

    /** Until {@link #done} whatever closes the channel resets it. */
    static ChannelPromise of(Channel accepted) {
        if (isHeard(accepted)) {
            Registration registration = new Registration(accepted);
            CONNECT_PROMISE.set(accepted, registration);
            return registration;
        }
        AcceptedSockets.resetOnClose(accepted);
        return accepted.newPromise();
    }

    /**
     * On the channel's event loop.
     *
     * @param linger SO_LINGER of the connections, in seconds; negative when it is off
     */
    static void done(Channel accepted, int linger) {
        if (isHeard(accepted)) {
            CONNECT_PROMISE.set(accepted, null);
        } else if (linger != 0) {
            AcceptedSockets.linger(accepted, linger);
        }
    }

    private static boolean isHeard(Channel accepted) {
        return CONNECT_PROMISE != null && OptionAccess.isEpoll(accepted);
    }

    /** Comes twice: before the socket is closed, and with the cause after. */
    @Override
    public boolean tryFailure(Throwable cause) {
        if (channel().isOpen()) {
            AcceptedSockets.resetOnClose(channel());
            return false;
        }
        return super.tryFailure(cause);
    }
}
