package dev.tcpecho.check;

import dev.tcpecho.check.Tally.Harm;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Streams that stay and connections that come and go, at a bounded rate and in a bounded number. What counts as lost is
 * what a client with ordinary manners would lose: it reads before it writes, so that an end which is already here is
 * clean, it makes one try a connection, and it does not send again.
 */
final class Watch {
    private static final int MOST_AT_ONCE = 64;
    private static final Duration PROGRESS = Duration.ofMillis(500);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(250);

    private final HostAndPort target;
    private final Dialer dialer;
    private final Duration timeout;

    Watch(HostAndPort target, Dialer dialer, Duration timeout) {
        this.target = target;
        this.dialer = dialer;
        this.timeout = timeout;
    }

    Finding run(Duration time, int streams, int rate, HostAndPort ask, Progress progress) throws CheckFailure {
        Habit habit = Habit.of(target, dialer, Deadline.in(timeout));
        int persistent = habit == Habit.STREAM ? streams : 0;
        Tally tally = new Tally();
        Deadline end = Deadline.in(time);
        List<Thread> stayers = new ArrayList<>();
        for (int i = 0; i < persistent; i++) {
            stayers.add(start(new LongStream(target, dialer, timeout, tally, end), "check-stream-" + i));
        }
        if (ask != null) {
            stayers.add(start(() -> ask(ask, tally, end), "check-ask"));
        }
        comeAndGo(new ShortConnection(target, habit, dialer, timeout, tally), rate, end, tally, progress);
        Deadline last = Deadline.in(timeout.multipliedBy(2));
        stayers.forEach(stayer -> join(stayer, last));
        progress.end();
        return tally.finding(target, habit, persistent);
    }

    private void comeAndGo(Runnable connection, int rate, Deadline end, Tally tally, Progress progress) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                0, MOST_AT_ONCE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> daemon(task, "check-short"));
        long step = TimeUnit.SECONDS.toNanos(1) / rate;
        Deadline said = end;
        for (Deadline next = Deadline.in(Duration.ZERO); !end.isOver(); next = new Deadline(next.nanoTime() + step)) {
            end.pause(next.remaining());
            try {
                pool.execute(connection);
            } catch (RejectedExecutionException e) {
                tally.skipped();
            }
            if (said == end || said.isOver()) {
                progress.say(tally.progress());
                said = Deadline.in(PROGRESS);
            }
        }
        pool.shutdown();
        try {
            pool.awaitTermination(timeout.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Who is there is asked beside the echo, and a failure to answer is none of the echo's. */
    private void ask(HostAndPort ask, Tally tally, Deadline end) {
        while (!end.isOver()) {
            try (Line line = dialer.dialOnce(ask, Deadline.in(timeout), Deadline.in(timeout))) {
                tally.named(InBand.read(line).who());
            } catch (IOException | CheckFailure e) {
                tally.named("nobody, when asked at " + ask);
            }
            end.pause(BETWEEN_QUESTIONS);
        }
    }

    /** What it means to a client that it cannot connect. */
    static Harm harm(IOException e) {
        return e instanceof ConnectException ? Harm.REFUSED : Harm.UNREACHABLE;
    }

    /** What it means to a client that a connection breaks. */
    static Harm broken(IOException e, Deadline deadline) {
        return e instanceof SocketTimeoutException || deadline.isOver() ? Harm.STALLED : Harm.RESET;
    }

    private static Thread start(Runnable task, String name) {
        Thread thread = daemon(task, name);
        thread.start();
        return thread;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private static void join(Thread thread, Deadline deadline) {
        try {
            thread.join(deadline.remainingMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
