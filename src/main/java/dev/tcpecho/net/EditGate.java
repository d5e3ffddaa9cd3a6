package dev.tcpecho.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Dev mode: keeps what listening sockets accept, unread, until it is known whether there was an edit. One search
 * answers all that arrive meanwhile, and for two seconds those that come after it. Not there in production.
 *
 * <p>Once it is {@linkplain #shut}, nobody passes: whoever waits is {@linkplain #take taken} by the next generation, or
 * reset when a search ends and there is none.
 */
@ChannelHandler.Sharable
public final class EditGate extends ChannelInboundHandlerAdapter {
    /** The name of the thread that searches. */
    public static final String SEARCH = "tcp-echo search for edits";

    /** As Quarkus does for HTTP. */
    static final Duration INTERVAL = Duration.ofSeconds(2);

    /** More wait in the accept queue, which has a bound of its own. */
    static final int MOST_WAITING = 500;

    private final Supplier<Optional<Throwable>> search;
    private final Consumer<Optional<Throwable>> turnedAway;
    private final LongSupplier nanoTime;
    private List<Waiting> waiting = new ArrayList<>();
    private Optional<Throwable> problem = Optional.empty();
    private boolean searching;
    private boolean shut;
    private long searched;

    /**
     * @param search looks for edits and reloads; blocks as long as that takes; answers why no application runs, if so
     * @param turnedAway told when nobody passes after a search, with the problem if there is one
     */
    public EditGate(Supplier<Optional<Throwable>> search, Consumer<Optional<Throwable>> turnedAway) {
        this(search, turnedAway, System::nanoTime);
    }

    EditGate(Supplier<Optional<Throwable>> search, Consumer<Optional<Throwable>> turnedAway, LongSupplier nanoTime) {
        this.search = search;
        this.turnedAway = turnedAway;
        this.nanoTime = nanoTime;
        this.searched = nanoTime.getAsLong() - INTERVAL.toNanos();
    }

    private record Waiting(ChannelHandlerContext listening, Channel accepted) {
        void pass() {
            listening.executor().execute(() -> {
                if (listening.isRemoved()) {
                    turnAway(accepted);
                } else {
                    listening.fireChannelRead(accepted);
                }
            });
        }

        void goOn() {
            listening.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        Waiting arrived = new Waiting(ctx, (Channel) msg);
        boolean known;
        synchronized (this) {
            known = !searching && !(shut && problem.isEmpty()) && nanoTime.getAsLong() - searched < INTERVAL.toNanos();
            if (!known) {
                waiting.add(arrived);
                if (waiting.size() >= MOST_WAITING) {
                    ctx.channel().config().setAutoRead(false);
                }
                if (!searching) {
                    searching = true;
                    startSearch();
                }
            }
        }
        if (known && problem.isEmpty()) {
            ctx.fireChannelRead(msg);
        } else if (known) {
            turnAway(arrived.accepted);
        }
    }

    /** A thread for each search: none is left when there is none, and a reload may take its class loader with it. */
    private void startSearch() {
        Thread thread = new Thread(null, this::search, SEARCH, 0, false);
        thread.setContextClassLoader(getClass().getClassLoader());
        thread.setDaemon(true);
        thread.start();
    }

    private void search() {
        Optional<Throwable> found = search.get();
        List<Waiting> answered;
        boolean pass;
        synchronized (this) {
            searching = false;
            searched = nanoTime.getAsLong();
            problem = found;
            pass = found.isEmpty() && !shut;
            answered = empty();
        }
        if (pass) {
            answered.forEach(Waiting::pass);
        } else if (found.isPresent() || !answered.isEmpty()) {
            answered.forEach(each -> turnAway(each.accepted));
            turnedAway.accept(found);
        }
        answered.forEach(Waiting::goOn);
    }

    private List<Waiting> empty() {
        List<Waiting> all = waiting;
        waiting = new ArrayList<>();
        return all;
    }

    synchronized int waiting() {
        return waiting.size();
    }

    /** From now on nobody passes. */
    public synchronized void shut() {
        shut = true;
    }

    /** Ends a connection of which nothing was read, with a reset; from any thread. */
    public static void turnAway(Channel accepted) {
        AcceptedSockets.resetOnClose(accepted);
        accepted.unsafe().closeForcibly();
    }

    /** Those who wait, for the next generation to answer. */
    public synchronized List<Channel> take() {
        return empty().stream().map(Waiting::accepted).toList();
    }
}
