package dev.tcpecho.server;

import dev.tcpecho.option.Bounds;
import dev.tcpecho.option.NumberRange;
import dev.tcpecho.option.TimeRange;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/**
 * A listener that misbehaves on purpose, as {@code echo.fault.*} and {@code echo.listeners.<name>.fault.*}. Unset, it
 * does not.
 */
public interface FaultSettings {
    /** The one word for what does not happen. */
    enum Never {
        NEVER
    }

    /** {@code never}: accepts nothing; its queue is filled, so that further SYNs are dropped. */
    Optional<Never> accept();

    /** {@code never}: reads nothing; the client's window closes. */
    Optional<Never> read();

    /** How much later each reply comes, such as 200MS, or any time between two: 100MS..300MS. */
    @WithConverter(TimeRange.Reader.class)
    Optional<TimeRange> delay();

    /** Bytes a second to each peer, at most. */
    @WithConverter(Bounds.BufferSize.class)
    Optional<MemorySize> rate();

    /** Bytes of each piece of a reply, every one a segment of its own, or a range: 1..7. */
    @WithConverter(NumberRange.Reader.class)
    Optional<NumberRange> chunk();

    /** A reset after exactly so many bytes to the peer; 0: as soon as the connection is accepted. */
    @WithConverter(Bounds.ByteCount.class)
    Optional<MemorySize> resetAfter();

    /** Our FIN after exactly so many bytes to the peer; 0: as soon as the connection is accepted. */
    @WithConverter(Bounds.ByteCount.class)
    Optional<MemorySize> closeAfter();

    /** Never answer the peer's FIN with ours. */
    @WithDefault("false")
    @WithConverter(Bounds.Flag.class)
    boolean holdOpen();

    /** The share of connections that get the fault at all, above 0 to 1. */
    @WithDefault("1")
    @WithConverter(Bounds.Probability.class)
    double probability();

    /** Where random choices start, so that a run can be repeated; unset, the report says which it was. */
    @WithConverter(Bounds.Seed.class)
    Optional<Integer> seed();
}
