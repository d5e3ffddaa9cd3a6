package dev.tcpecho.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The connections of the HTTP side port, so many at a time: one more takes the place of the one that has kept us
 * waiting, from the address that holds the most. Where nobody keeps us waiting it waits itself, unaccepted.
 */
public final class SidePortSockets {
    /** Why a connection was ended by us. */
    public enum Ended {
        /** Its place was needed, and it was waiting. */
        DISPLACED,
        /** Its request did not arrive in time. */
        REQUEST_TIMEOUT,
        /** It asked nothing more. */
        IDLE,
        /** It did not take its answer in time. */
        ANSWER_NOT_TAKEN
    }

    /** In {@link ListenTransports#setups}; no host has such a name. */
    static final String SETUP = "tcp-echo/side-port";

    /** Of requests, which are small; the kernel holds the rest of what nobody may send. */
    private static final int READ_SIZE = 4 << 10;

    /** What the kernel may hold of requests that wait for the answer to an earlier one; it takes twice as much. */
    private static final int RECEIVE_BUFFER = 16 << 10;

    /** What the kernel may hold of an answer that is not read; it takes twice as much. */
    private static final int SEND_BUFFER = 64 << 10;

    private final int most;
    private final Consumer<Throwable> acceptFailures;
    private final Map<Channel, SidePortConnection> connections = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicBoolean displacing = new AtomicBoolean();
    private final Map<Ended, LongAdder> ended = new EnumMap<>(Ended.class);
    private volatile Runnable freed = () -> {};
    private volatile boolean wanted;

    private SidePortSockets(int most, Consumer<Throwable> acceptFailures) {
        this.most = most;
        this.acceptFailures = acceptFailures;
        for (Ended reason : Ended.values()) {
            ended.put(reason, new LongAdder());
        }
    }

    /**
     * From here on HTTP servers of this Vert.x are bounded, as far as they are not bound yet.
     *
     * @param most connections at a time
     * @param acceptFailures told of each accept() that failed, on the accepting event loop
     */
    public static SidePortSockets install(Vertx vertx, int most, Consumer<Throwable> acceptFailures) {
        SidePortSockets sockets = new SidePortSockets(most, acceptFailures);
        ListenTransports.setups(((VertxInternal) vertx).transport()).put(SETUP, sockets::setUp);
        return sockets;
    }

    public int open() {
        return open.get();
    }

    public int most() {
        return most;
    }

    /** Connections that were ended for this reason. */
    public long ended(Ended reason) {
        return ended.get(reason).sum();
    }

    private void setUp(ServerBootstrap bootstrap) {
        ChannelHandler http = bootstrap.config().childHandler();
        bootstrap
                .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_SIZE))
                .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER)
                .handler(new SidePortAcceptor(this, acceptFailures))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(http);
                        SidePortConnection connection = connections.get(channel);
                        if (connection != null) {
                            connection.guard();
                        }
                    }
                });
    }

    /** Told when a place may have become free, by any thread. */
    void whenFreed(Runnable freed) {
        this.freed = freed;
    }

    void freed() {
        freed.run();
    }

    /** Whether somebody waits for a place: nobody keeps one then beyond an answer. */
    boolean isWanted() {
        return wanted;
    }

    void setWanted(boolean wanted) {
        this.wanted = wanted;
    }

    void count(Ended reason) {
        ended.get(reason).increment();
    }

    /** On the accepting loop. Whether it has a place now; if not, there may be one after {@link #freed}. */
    boolean admit(Channel accepted) {
        if (open.get() >= most) {
            displaceOne();
            return false;
        }
        open.incrementAndGet();
        connections.put(accepted, new SidePortConnection(this, accepted));
        accepted.closeFuture().addListener(closed -> {
            connections.remove(accepted);
            open.decrementAndGet();
            freed();
        });
        return true;
    }

    private void displaceOne() {
        if (displacing.compareAndSet(false, true)) {
            Runnable after = () -> {
                displacing.set(false);
                freed();
            };
            mostDispensable()
                    .ifPresentOrElse(longest -> longest.end(Ended.DISPLACED, after), () -> displacing.set(false));
        }
    }

    private Optional<SidePortConnection> mostDispensable() {
        Map<Object, Integer> held = new HashMap<>();
        connections.values().forEach(each -> held.merge(each.source(), 1, Integer::sum));
        long now = System.nanoTime();
        return connections.values().stream()
                .filter(each -> each.patience(now).isPresent())
                .min(Comparator.<SidePortConnection>comparingInt(each -> -held.getOrDefault(each.source(), 0))
                        .thenComparingInt(each -> each.patience(now).orElse(Integer.MAX_VALUE))
                        .thenComparingLong(each -> each.since() - now));
    }

    /** Ends what has kept us waiting for too long. */
    void tick() {
        long now = System.nanoTime();
        connections.values().forEach(each -> each.overdue(now).ifPresent(reason -> each.end(reason, () -> {})));
        freed();
    }
}
