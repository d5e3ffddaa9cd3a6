package dev.tcpecho.check;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import jdk.net.ExtendedSocketOptions;

/** One connection that is silent for a time, and then says a word again. */
final class Silence implements Runnable {
    private static final Duration SLICE = Duration.ofMillis(200);

    /** How a silence ended. */
    enum End {
        /** The word was answered. */
        ALIVE("it lives"),
        /** Neither answer nor error to the word. */
        FORGOTTEN("silently: what is sent afterwards is not answered"),
        /** A reset, unasked or as the answer to the word. */
        RESET("with a reset"),
        FIN("with a FIN"),
        INTERRUPTED("with bytes that nobody asked for"),
        /** There was never a connection. */
        NOT_CONNECTED("not connected");

        private final String words;

        End(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    private final HostAndPort target;
    private final Habit habit;
    private final Dialer dialer;
    private final Duration planned;
    private final Duration timeout;
    private final Duration keepAlive;
    private final BlockingQueue<Silence> ended;

    private volatile boolean asked;
    private volatile End end;
    private volatile boolean unasked;
    private volatile Duration lasted = Duration.ZERO;

    /** @param keepAlive the interval of the kernel's probes; null for none */
    Silence(
            HostAndPort target,
            Habit habit,
            Dialer dialer,
            Duration planned,
            Duration timeout,
            Duration keepAlive,
            BlockingQueue<Silence> ended) {
        this.target = target;
        this.habit = habit;
        this.dialer = keepAlive == null ? dialer : dialer.with(address -> probing(keepAlive));
        this.planned = planned;
        this.timeout = timeout;
        this.keepAlive = keepAlive;
        this.ended = ended;
    }

    private static Socket probing(Duration interval) throws IOException {
        Socket socket = new Socket();
        int seconds = (int) interval.toSeconds();
        socket.setKeepAlive(true);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, seconds);
        socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, seconds);
        return socket;
    }

    Duration planned() {
        return planned;
    }

    Duration keepAlive() {
        return keepAlive;
    }

    /** Null while it goes on. */
    End end() {
        return end;
    }

    /** Whether the end came by itself, so that {@link #lasted} is its very time. */
    boolean cameUnasked() {
        return unasked;
    }

    /** The silence before the end or before the word. */
    Duration lasted() {
        return lasted;
    }

    /** Say the word now. */
    void ask() {
        asked = true;
    }

    @Override
    public void run() {
        Deadline connectBy = Deadline.in(timeout);
        try (Line line = dialer.dialOnce(target, connectBy, Deadline.in(planned.plus(timeout.multipliedBy(4))))) {
            if (habit == Habit.STREAM) {
                exchange(line, 0);
            }
            end = silent(line, System.nanoTime());
        } catch (IOException e) {
            end = End.NOT_CONNECTED;
        }
        ended.add(this);
    }

    private End silent(Line line, long start) {
        Deadline over = new Deadline(start + planned.toNanos());
        try {
            while (!over.isOver() && !asked) {
                Duration slice = SLICE.compareTo(over.remaining()) < 0 ? SLICE : over.remaining();
                Line.Word word = line.listen(slice);
                if (word != Line.Word.SILENCE) {
                    unasked = true;
                    lasted = Duration.ofNanos(System.nanoTime() - start);
                    return word == Line.Word.END ? End.FIN : End.INTERRUPTED;
                }
            }
        } catch (IOException e) {
            unasked = true;
            lasted = Duration.ofNanos(System.nanoTime() - start);
            return End.RESET;
        }
        lasted = Duration.ofNanos(System.nanoTime() - start);
        Deadline answerBy = Deadline.in(timeout);
        try {
            return exchange(line, Habit.BLOCK) ? End.ALIVE : End.FIN;
        } catch (IOException e) {
            return answerBy.isOver() ? End.FORGOTTEN : End.RESET;
        }
    }

    /** Whether the block came back. */
    private boolean exchange(Line line, long offset) throws IOException {
        Block block = new Block(offset, Habit.BLOCK);
        line.out().write(block.sent());
        return block.receive(line, Deadline.in(timeout));
    }
}
