package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.option.NumberRange;
import dev.tcpecho.option.TimeRange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes when, by a clock that is ticked: no neighbour on the machine can make it late. */
class HeldRepliesTest implements HeldReplies.Wire, Outflow.Sender {
    private static final long MILLI = 1_000_000;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ByteArrayOutputStream gone = new ByteArrayOutputStream();
    private final List<Long> times = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private long now = Long.MAX_VALUE - 2000 * MILLI; // clocks may wrap
    private long wakeAt;
    private boolean waits;
    private boolean sent = true;
    private int overs;
    private int fins;
    private long taken;
    private int drained;

    @AfterEach
    void close() {
        channel.close();
    }

    private static Fault fault(String delay, long rate, String chunk, long closeAfter) {
        return new Fault(
                Optional.ofNullable(new TimeRange.Reader().convert(delay)),
                rate > 0 ? OptionalLong.of(rate) : OptionalLong.empty(),
                Optional.ofNullable(new NumberRange.Reader().convert(chunk)),
                OptionalLong.empty(),
                closeAfter > 0 ? OptionalLong.of(closeAfter) : OptionalLong.empty(),
                false,
                false);
    }

    private HeldReplies held(Fault fault) {
        return new HeldReplies(fault, new SplittableRandom(7), () -> now, new ReadAhead(), this);
    }

    private byte[] add(HeldReplies held, int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        held.add(Unpooled.copiedBuffer(bytes), new Delivery(channel, this, count));
        return bytes;
    }

    /** Wakes it when it asked for that, until this moment. */
    private void until(long end, HeldReplies held) {
        while (waits && wakeAt - end <= 0) {
            now = wakeAt - now > 0 ? wakeAt : now;
            waits = false;
            held.go();
        }
        now = end;
    }

    @Override
    public void piece(Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            byte[] piece = new byte[bytes.readableBytes()];
            bytes.readBytes(piece);
            bytes.release();
            gone.writeBytes(piece);
            sizes.add(piece.length);
            times.add(now);
        } else {
            fins++;
        }
        promise.setSuccess();
    }

    @Override
    public ChannelPromise promise() {
        return channel.newPromise();
    }

    @Override
    public boolean isSent() {
        return sent;
    }

    @Override
    public void wakeAt(long time) {
        if (!waits || time - wakeAt < 0) {
            wakeAt = time;
        }
        waits = true;
    }

    @Override
    public void over() {
        overs++;
    }

    @Override
    public long owed() {
        return 0;
    }

    @Override
    public void taken(long count) {
        taken += count;
    }

    @Override
    public void drained() {
        drained++;
    }

    @Override
    public void failed(Throwable cause) {
        throw new AssertionError(cause);
    }

    @Override
    public SentBytes sentBytes() {
        throw new AssertionError("an entrance has its own promises");
    }

    @Test
    void fiveSecondsAtARateAreThatRateWithinATenthAndNeverMore() {
        for (long rate : new long[] {10, 1000, 10_240, 1 << 20, 5 << 20}) {
            gone.reset();
            times.clear();
            sizes.clear();
            HeldReplies held = held(fault("", rate, "", 0));
            long start = now;
            long fed = 0;
            int before = drained;
            add(held, 4096);
            for (long tick = start; tick - start < 5000 * MILLI; tick += MILLI) {
                until(tick, held);
                while (drained > before) { // read the next only when the last has gone, as a connection does
                    before = drained;
                    add(held, 4096);
                }
                fed = gone.size();
                assertThat((double) fed).isLessThanOrEqualTo(rate * ((now - start) / 1e9 + 0.051) + 1);
            }
            assertThat((double) fed).as("at %d bytes a second", rate).isBetween(rate * 5 * 0.9, rate * 5 * 1.1);
            held.drop();
        }
    }

    @Test
    void everyReplyIsLateByATimeOfTheRangeAndNoneOvertakesAnother() {
        HeldReplies held = held(fault("100MS..300MS", 0, "", 0));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<Long> added = new ArrayList<>();
        for (int i = 0; i < 50; i++) { // five seconds, and faster than the replies go
            until(now + 100 * MILLI, held);
            added.add(now);
            all.writeBytes(add(held, 10 + i));
        }
        until(now + 300 * MILLI, held);
        assertThat(gone.toByteArray()).isEqualTo(all.toByteArray());
        assertThat(times).hasSize(50);
        for (int i = 0; i < 50; i++) {
            assertThat(times.get(i) - added.get(i)).isBetween(99 * MILLI, 300 * MILLI);
        }
        assertThat(times.stream().distinct().count()).as("not all alike").isGreaterThan(30);
        assertThat(taken).isEqualTo(all.size());
        assertThat(drained).isEqualTo(50);
    }

    @Test
    void theFinWaitsBehindTheBytes() {
        HeldReplies held = held(fault("200MS", 0, "", 0));
        add(held, 5);
        held.add(Outflow.FIN, channel.newPromise());
        until(now + 198 * MILLI, held);
        assertThat(fins).isZero();
        until(now + 10 * MILLI, held);
        assertThat(gone.size()).isEqualTo(5);
        assertThat(fins).isOne();
    }

    @Test
    void everyPieceHasASizeOfTheRangeAndWaitsForTheOneBefore() {
        HeldReplies held = held(fault("", 0, "1..7", 0));
        sent = false; // the kernel still has the last one
        byte[] bytes = add(held, 1000);
        until(now + 20 * MILLI, held);
        assertThat(sizes).isEmpty();
        sent = true;
        until(now + 2000 * MILLI, held);
        assertThat(gone.toByteArray()).isEqualTo(bytes);
        assertThat(sizes.subList(0, sizes.size() - 1)).allMatch(size -> size >= 1 && size <= 7);
        assertThat(sizes).contains(1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void nothingGoesBeyondTheEndAndItIsToldOnce() {
        HeldReplies held = held(fault("50MS", 0, "64", 1000));
        byte[] bytes = add(held, 600);
        add(held, 600);
        add(held, 600);
        until(now + 1000 * MILLI, held);
        assertThat(gone.size()).isEqualTo(1000);
        assertThat(gone.toByteArray()).startsWith(bytes);
        assertThat(taken).isEqualTo(1000);
        assertThat(overs).isOne();
        add(held, 10);
        until(now + 1000 * MILLI, held);
        assertThat(gone.size()).isEqualTo(1000);
        held.add(Outflow.FIN, channel.newPromise());
        assertThat(fins).isOne();
    }

    /** A loop that was busy makes up for a moment, not for all of it. */
    @Test
    void aLateWakeUpMakesNoBurst() {
        HeldReplies held = held(fault("", 1000, "", 0));
        add(held, 4096);
        until(now + 1000 * MILLI, held);
        int before = gone.size();
        now += 2000 * MILLI;
        waits = false;
        held.go();
        assertThat(gone.size() - before).isLessThanOrEqualTo(150);
        held.drop();
    }
}
