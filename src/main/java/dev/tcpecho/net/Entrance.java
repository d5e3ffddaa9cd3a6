package dev.tcpecho.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.util.List;
import java.util.function.Function;

/**
 * What stands in front of the connections of a listener, from the wire inwards. Empty is the usual case and costs
 * nothing.
 *
 * <p>A handler keeps {@code channelActive} back until it has done its part, and then fires it: the connection begins
 * with that event, so that a server that speaks first speaks when the way is free, and finds what was learned in
 * {@link Peer}. Bytes that come before go no further either. What ends the connection is fired as
 * {@code exceptionCaught}. {@link Outflow#FIN} comes as a message of the pipeline, behind the bytes that precede it:
 * whoever holds bytes back holds it as well, and whoever has last words says them before passing it on.
 *
 * @param steps make the handlers of one accepted channel, on the accepting event loop
 */
public record Entrance(List<Function<Channel, ChannelHandler>> steps) {
    public static final Entrance NONE = new Entrance(List.of());

    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /** For a connection that is let in at once, and whose way out is that of the others. */
    public Entrance withoutSteps() {
        return isEmpty() ? NONE : new Entrance(List.of(accepted -> new ChannelInboundHandlerAdapter()));
    }

    void install(Channel accepted) {
        if (isEmpty()) {
            return;
        }
        ChannelPipeline pipeline = accepted.pipeline().addLast(FinMessage.HANDLER);
        for (Function<Channel, ChannelHandler> step : steps) {
            pipeline.addLast(step.apply(accepted));
        }
    }
}
