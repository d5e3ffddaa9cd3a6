package dev.tcpecho.option;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;

/** Which listening channel a connection belongs to: the one that accepted it, unless another one adopted it. */
public final class AcceptedBy {
    private static final AttributeKey<Channel> ADOPTER = AttributeKey.valueOf("tcp-echo.adopter");

    private AcceptedBy() {}

    public static Channel listening(Channel accepted) {
        return accepted.hasAttr(ADOPTER) ? accepted.attr(ADOPTER).get() : accepted.parent();
    }

    /** From now on the connection counts as accepted by this channel. */
    public static void adopt(Channel accepted, Channel listening) {
        accepted.attr(ADOPTER).set(listening);
    }
}
