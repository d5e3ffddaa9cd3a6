package dev.tcpecho.check;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** What a listener does with a connection, found out by having one. */
enum Habit {
    /** Answers the first bytes and ends. */
    ONCE,
    /** Every byte back until we end. */
    STREAM,
    /** Speaks first, about the connection, and ends. */
    REPORT;

    static final int BLOCK = 64;
    private static final Duration MOMENT = Duration.ofMillis(300);
    private static final Duration LONGEST = Duration.ofSeconds(3);

    /** Waits for a service that is about to start, until the deadline. */
    static Habit of(HostAndPort target, Dialer dialer, Deadline deadline) throws CheckFailure {
        try (Line line = dialer.dial(target, deadline)) {
            Line.Word first = line.listen(trips(line.begun()));
            if (first == Line.Word.END) {
                throw new CheckFailure(target + ": closed before a byte was sent");
            }
            return first == Line.Word.BYTES ? REPORT : echoes(line, target);
        } catch (IOException e) {
            throw new CheckFailure(target + ": " + Trouble.of(e, deadline));
        }
    }

    private static Habit echoes(Line line, HostAndPort target) throws IOException, CheckFailure {
        long start = System.nanoTime();
        byte[] sent = Bytes.from(0, BLOCK);
        line.out().write(sent);
        byte[] back = new byte[BLOCK];
        int received = line.read(back, BLOCK);
        if (!Arrays.equals(sent, back)) {
            throw new CheckFailure(target + ": no echo listener, " + received + " of " + BLOCK
                    + " bytes came back, not all of them ours");
        }
        return line.listen(trips(start)) == Line.Word.END ? ONCE : STREAM;
    }

    /** A moment, and more where a trip takes long. */
    private static Duration trips(long start) {
        Duration wait = MOMENT.plusNanos(2 * (System.nanoTime() - start));
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
