package dev.tcpecho.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The last step of an entrance: the connections behind it misbehave on purpose. Every connection draws from numbers of
 * its own, made of the seed and of how many were accepted before it: the same seed makes the same choices for the first
 * connection, the second and so on, whatever their event loops.
 *
 * @param probability of a connection to get the fault at all, 0 to 1
 * @param nanos the clock, as {@link System#nanoTime}
 */
public record FaultEntrance(Fault fault, double probability, long seed, LongSupplier nanos) {
    /** The how-manieth connection it is, from 1; negative if it was spared. */
    private static final AttributeKey<Long> NUMBER = AttributeKey.valueOf("tcp-echo.fault.number");

    public Function<Channel, ChannelHandler> step() {
        AtomicLong accepted = new AtomicLong();
        ReadAhead ahead = new ReadAhead();
        return channel -> handler(channel, accepted.incrementAndGet(), ahead);
    }

    private ChannelHandler handler(Channel accepted, long number, ReadAhead ahead) {
        SplittableRandom random = random(seed, number);
        if (random.nextDouble() >= probability) {
            accepted.attr(NUMBER).set(-number);
            return new ChannelInboundHandlerAdapter();
        }
        accepted.attr(NUMBER).set(number);
        return fault.neverReads()
                ? new DeafConnection(fault, random, nanos, ahead)
                : new FaultyConnection(fault, random, nanos, ahead);
    }

    /** Neighbours must not draw the same numbers one step apart, as generators whose seeds are so related do. */
    private static SplittableRandom random(long seed, long number) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong()
                ^ new SplittableRandom(number).split().nextLong());
    }

    /** The how-manieth connection of its listener this is; empty where there is no fault. */
    public static OptionalLong number(Channel accepted) {
        Long number = accepted.hasAttr(NUMBER) ? accepted.attr(NUMBER).get() : null;
        return number == null ? OptionalLong.empty() : OptionalLong.of(Math.abs(number));
    }

    /** Whether it was drawn, or every connection gets the fault. */
    public static boolean isFaulty(Channel accepted) {
        Long number = accepted.hasAttr(NUMBER) ? accepted.attr(NUMBER).get() : null;
        return number != null && number > 0;
    }
}
