package dev.tcpecho.option;

import dev.tcpecho.kernel.SavedSyn;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.util.AttributeKey;
import java.util.Optional;

/**
 * TCP_SAVED_SYN of an accepted channel's socket. The kernel forgets the SYN when it is read, so that it is read once
 * and kept with the channel.
 */
public final class SavedSynOption {
    private static final AttributeKey<Optional<SavedSyn>> KEPT = AttributeKey.valueOf("tcp-echo.syn");
    private static final RawUnixChannelOption OPTION =
            new RawUnixChannelOption("TCP_SAVED_SYN", SavedSyn.LEVEL, SavedSyn.NUMBER, SavedSyn.LONGEST);

    private SavedSynOption() {}

    /** Right after accept(), of a listener that asks for it; nothing on any transport but epoll. */
    public static void keep(Channel accepted) {
        if (OptionAccess.isEpoll(accepted)) {
            accepted.attr(KEPT).set(read(accepted));
        }
    }

    /** What is left of the buffer behind the headers is zeros, and all of it where there is none: SYN cookies. */
    private static Optional<SavedSyn> read(Channel accepted) {
        try {
            return SavedSyn.parse(accepted.config().getOption(OPTION));
        } catch (ChannelException e) {
            return Optional.empty(); // this kernel does not know the option, or the peer is gone
        }
    }

    /** Whether {@link #keep} was called; then {@link #of} is empty because there was none to be kept. */
    public static boolean isAsked(Channel accepted) {
        return accepted.hasAttr(KEPT);
    }

    /** What was kept. */
    public static Optional<SavedSyn> of(Channel accepted) {
        return isAsked(accepted) ? accepted.attr(KEPT).get() : Optional.empty();
    }
}
