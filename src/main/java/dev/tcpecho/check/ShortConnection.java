package dev.tcpecho.check;

import dev.tcpecho.check.Tally.Harm;
import java.io.IOException;
import java.time.Duration;

/** Connects, has one block echoed or a report told, and sees the end. */
final class ShortConnection implements Runnable {
    private final HostAndPort target;
    private final Habit habit;
    private final Dialer dialer;
    private final Duration timeout;
    private final Tally tally;

    ShortConnection(HostAndPort target, Habit habit, Dialer dialer, Duration timeout, Tally tally) {
        this.target = target;
        this.habit = habit;
        this.dialer = dialer;
        this.timeout = timeout;
        this.tally = tally;
    }

    @Override
    public void run() {
        Deadline deadline = Deadline.in(timeout);
        Line line;
        try {
            line = dialer.dialOnce(target, deadline, deadline);
        } catch (IOException e) {
            tally.harmed(Watch.harm(e), 0);
            return;
        }
        tally.connected(false);
        try (line) {
            if (habit == Habit.REPORT) {
                told(line, deadline);
            } else {
                echoed(line, deadline);
            }
        }
    }

    private void told(Line line, Deadline deadline) {
        try {
            tally.answered(InBand.read(line).who());
        } catch (CheckFailure e) {
            tally.harmed(Harm.SHORT, 0);
        } catch (IOException e) {
            tally.harmed(Watch.broken(e, deadline), 0);
        }
    }

    private void echoed(Line line, Deadline deadline) {
        Block block = new Block(0, Habit.BLOCK);
        try {
            line.out().write(block.sent());
            boolean endsFirst = habit == Habit.STREAM && line.canHalfClose();
            if (endsFirst) {
                line.finish();
            }
            if (!block.receive(line, deadline)) {
                tally.harmed(block.isChanged() ? Harm.CHANGED : Harm.SHORT, block.missing());
                return;
            }
            if (habit == Habit.STREAM && !endsFirst) {
                line.finish();
            }
            if (habit == Habit.STREAM ? !line.endsAfterUs(deadline) : line.read(new byte[1], 1) > 0) {
                tally.harmed(Harm.CHANGED, 0);
                return;
            }
            tally.echoed(Habit.BLOCK);
            tally.answered(line.remote().getAddress().getHostAddress());
        } catch (IOException e) {
            tally.harmed(Watch.broken(e, deadline), block.missing());
        }
    }
}
