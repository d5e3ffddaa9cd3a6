package dev.tcpecho.check;

import dev.tcpecho.check.Tally.Harm;
import java.io.IOException;
import java.time.Duration;

/** A connection that stays, with a block to and fro ten times a second; when it ends, the next one. */
final class LongStream implements Runnable {
    private static final int BLOCK = 1024;
    private static final Duration BETWEEN_BLOCKS = Duration.ofMillis(100);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    private final HostAndPort target;
    private final Dialer dialer;
    private final Duration timeout;
    private final Tally tally;
    private final Deadline end;

    LongStream(HostAndPort target, Dialer dialer, Duration timeout, Tally tally, Deadline end) {
        this.target = target;
        this.dialer = dialer;
        this.timeout = timeout;
        this.tally = tally;
        this.end = end;
    }

    @Override
    public void run() {
        while (!end.isOver()) {
            Line line;
            try {
                line = dialer.dialOnce(target, Deadline.in(timeout), new Deadline(end.nanoTime() + timeout.toNanos()));
            } catch (IOException e) {
                tally.harmed(Watch.harm(e), 0);
                end.pause(BETWEEN_TRIES);
                continue;
            }
            tally.connected(true);
            try (line) {
                stay(line);
            }
        }
    }

    private void stay(Line line) {
        Block block = new Block(0, 0);
        Deadline deadline = Deadline.in(timeout);
        try {
            for (long offset = 0; !end.isOver(); offset += BLOCK) {
                block = new Block(offset, BLOCK);
                deadline = Deadline.in(timeout);
                line.out().write(block.sent());
                if (!block.receive(line, deadline)) {
                    tally.harmed(block.isChanged() ? Harm.CHANGED : Harm.SHORT, block.missing());
                    return;
                }
                tally.echoed(BLOCK);
                Line.Word word = line.listen(BETWEEN_BLOCKS);
                if (word == Line.Word.END) {
                    return;
                }
                if (word == Line.Word.BYTES) {
                    tally.harmed(Harm.CHANGED, 0);
                    return;
                }
            }
            deadline = Deadline.in(timeout);
            line.finish();
            if (!line.endsAfterUs(deadline)) {
                tally.harmed(Harm.CHANGED, 0);
            }
        } catch (IOException e) {
            tally.harmed(Watch.broken(e, deadline), block.missing());
        }
    }
}
