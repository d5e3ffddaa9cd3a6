package dev.tcpecho.net;

import dev.tcpecho.option.NumberRange;
import dev.tcpecho.option.TimeRange;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * What a listener does wrong on purpose, to each connection that it happens to.
 *
 * @param delay of each reply, counted from when it was ready
 * @param rate bytes a second to the peer, at most
 * @param chunk bytes of each piece that a reply is cut into
 * @param resetAfter bytes to the peer, exactly, and then a reset
 * @param closeAfter bytes to the peer, exactly, and then our FIN
 * @param neverReads whether nothing is read from the peer
 * @param holdsOpen whether the peer's FIN is not answered
 */
public record Fault(
        Optional<TimeRange> delay,
        OptionalLong rate,
        Optional<NumberRange> chunk,
        OptionalLong resetAfter,
        OptionalLong closeAfter,
        boolean neverReads,
        boolean holdsOpen) {
    /** Nothing is wrong. */
    public boolean isNone() {
        return delay.isEmpty()
                && rate.isEmpty()
                && chunk.isEmpty()
                && resetAfter.isEmpty()
                && closeAfter.isEmpty()
                && !neverReads
                && !holdsOpen;
    }

    /** Bytes to the peer after which the connection ends. */
    long end() {
        return LongStream.concat(resetAfter.stream(), closeAfter.stream()).min().orElse(Long.MAX_VALUE);
    }
}
