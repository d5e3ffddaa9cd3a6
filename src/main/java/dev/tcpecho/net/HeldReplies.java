package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What one connection sends, on its way through a delay, a rate and a knife: in order and unchanged, one piece at a
 * time, with the FIN behind it all. It holds what the connection owes, which reads nothing meanwhile, but for a little
 * ahead where replies are only late.
 */
final class HeldReplies {
    /** The way on, and the one to be woken. */
    interface Wire {
        void piece(Object message, ChannelPromise promise);

        ChannelPromise promise();

        /** Whether all that the kernel took has left in segments; where it does not tell, true. */
        boolean isSent();

        /** @param time of the clock: {@link #go} is to be called then */
        void wakeAt(long time);

        /** So many bytes as there may be have gone. */
        void over();
    }

    /**
     * @param due when it may go
     * @param cost what it takes of the {@link ReadAhead}
     */
    private record Held(Object message, ChannelPromise promise, long due, int cost) {}

    /** Not worth a timer: that is as early as a piece may go. */
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long ASK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Then others have their turn. */
    private static final int PIECES_AT_A_TIME = 32;

    private final Fault fault;
    private final SplittableRandom random;
    private final LongSupplier nanos;
    private final Wire wire;
    private final ReadAhead ahead;
    private final long end;
    private final Pace pace;
    private final Deque<Held> queue = new ArrayDeque<>(2);
    private long lastDue;
    private int own;
    private long gone;
    private boolean going;
    private boolean underWay;

    HeldReplies(Fault fault, SplittableRandom random, LongSupplier nanos, ReadAhead ahead, Wire wire) {
        this.ahead = ahead;
        this.fault = fault;
        this.random = random;
        this.nanos = nanos;
        this.wire = wire;
        this.end = fault.end();
        this.lastDue = nanos.getAsLong();
        this.pace = new Pace(fault, random, lastDue);
    }

    void add(Object message, ChannelPromise promise) {
        if (gone == end && message instanceof ByteBuf) {
            ReferenceCountUtil.release(message); // it never arrives, and its sender is told that it is cut
            return;
        }
        long due = nanos.getAsLong();
        if (message instanceof ByteBuf && fault.delay().isPresent()) {
            due += random.nextLong(
                    fault.delay().get().least().toNanos(),
                    fault.delay().get().most().toNanos() + 1);
        }
        lastDue = queue.isEmpty() || due - lastDue > 0 ? due : lastDue;
        queue.add(held(message, promise));
        go();
    }

    /**
     * What waits for its time leaves the block that it was read into, which is large and of a room that others need.
     */
    private Held held(Object message, ChannelPromise promise) {
        int cost =
                message instanceof ByteBuf bytes && fault.delay().isPresent() ? ahead.take(bytes.readableBytes()) : 0;
        if (cost == 0) {
            return new Held(message, promise, lastDue, 0);
        }
        own += cost;
        ByteBuf bytes = (ByteBuf) message;
        ByteBuf copy = Unpooled.copiedBuffer(bytes);
        bytes.release();
        return new Held(copy, promise, lastDue, cost);
    }

    boolean isHolding() {
        return !queue.isEmpty();
    }

    /** Whether there may be more although some of it has not gone. */
    boolean hasRoom() {
        return fault.delay().isPresent() && ahead.hasRoom(own);
    }

    private void release(Held held) {
        ReferenceCountUtil.release(held.message());
        own -= held.cost();
        ahead.giveBack(held.cost());
    }

    /** As much as may go now. */
    void go() {
        if (going) {
            return;
        }
        going = true;
        for (int i = 0; i < PIECES_AT_A_TIME && !underWay && !queue.isEmpty(); i++) {
            long wait = wait(queue.peek());
            if (wait > 0) {
                wire.wakeAt(nanos.getAsLong() + wait);
                going = false;
                return;
            }
            send(queue.peek());
        }
        going = false;
        if (!underWay && !queue.isEmpty()) {
            wire.wakeAt(nanos.getAsLong());
        }
    }

    /** How long the next piece of it has to wait, in nanoseconds. */
    private long wait(Held next) {
        long now = nanos.getAsLong();
        long at = next.message() instanceof ByteBuf bytes
                ? pace.next(Math.min(bytes.readableBytes(), end - gone), next.due(), now)
                : next.due();
        if (at - now > SLACK_NANOS) {
            return at - now;
        }
        return fault.chunk().isPresent() && !wire.isSent() ? ASK_NANOS : 0;
    }

    private void send(Held next) {
        if (!(next.message() instanceof ByteBuf bytes)) {
            queue.remove();
            wire.piece(next.message(), next.promise());
            return;
        }
        int count = pace.take();
        underWay = true;
        wire.piece(bytes.readRetainedSlice(count), wire.promise().addListener((ChannelFuture done) -> {
            underWay = false;
            if (done.isSuccess()) {
                taken(next, bytes, count);
                go();
            } else {
                next.promise().tryFailure(done.cause());
            }
        }));
    }

    private void taken(Held next, ByteBuf bytes, int count) {
        gone += count;
        ((Delivery) next.promise()).part(count);
        if (gone == end) {
            drop();
            wire.over();
        } else if (!bytes.isReadable()) {
            queue.remove();
            release(next);
            next.promise().trySuccess();
        }
    }

    /** Nothing of it goes out any more. */
    void drop() {
        for (Held each = queue.poll(); each != null; each = queue.poll()) {
            release(each);
        }
    }
}
