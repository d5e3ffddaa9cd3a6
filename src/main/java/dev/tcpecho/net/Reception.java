package dev.tcpecho.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;

/** Who receives what a listening socket accepts; called on the accepting event loop. */
public interface Reception {
    /** What the connections on an event loop read into. */
    RecvByteBufAllocator readsOn(EventLoop loop);

    /** What stands in front of a handler that {@link #admit} answered. */
    Entrance entrance(ChannelHandler admitted);

    /**
     * The handler of an accepted channel that is not yet registered, or null to close it at once. When this is called
     * nothing else of ours can fail any more.
     *
     * @param serving the loop that will serve it
     */
    ChannelHandler admit(ListeningSocket socket, Channel accepted, EventLoop serving);

    /** A connection could not be made ready: it was reset. */
    void failed(Throwable cause);

    /** An accept() failed; the next comes after a pause. */
    void acceptFailed(Throwable cause);
}
