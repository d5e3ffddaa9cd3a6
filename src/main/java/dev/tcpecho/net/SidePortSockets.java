package dev.tcpecho.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * The connections of the HTTP side port. So many are served at a time, and probes have places of their own; more of
 * them wait for their turn, accepted but with nothing of HTTP behind them, and beyond those in the accept queue.
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
    private static final int READ_SIZE = 1 << 10;

    /** What was read from all who wait. */
    private static final int DOOR_ROOM = 2 << 20;

    /** One place in so many is for probes. */
    private static final int PROBES_SHARE = 8;

    /** To find them is a look at all. */
    private static final int DISPLACED_AT_ONCE = 32;

    /** What the kernel may hold of requests that wait for the answer to an earlier one; it takes twice as much. */
    private static final int RECEIVE_BUFFER = 16 << 10;

    /** What the kernel may hold of an answer that is not read; it takes twice as much. */
    private static final int SEND_BUFFER = 64 << 10;

    private final SidePortPlaces probes;
    private final SidePortPlaces others;
    private final IntSupplier mostWaiting;
    private final Consumer<Throwable> acceptFailures;
    private final AtomicInteger doorRoom = new AtomicInteger(DOOR_ROOM);
    private final Map<Channel, SidePortConnection> connections = new ConcurrentHashMap<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicBoolean displacing = new AtomicBoolean();
    private final Map<Ended, LongAdder> ended = new EnumMap<>(Ended.class);
    private volatile Runnable freed = () -> {};
    private volatile boolean wanted;

    SidePortSockets(int most, IntSupplier mostWaiting, Consumer<Throwable> acceptFailures) {
        this.probes = new SidePortPlaces(Math.max(1, most / PROBES_SHARE));
        this.others = new SidePortPlaces(Math.max(1, most - probes.most()));
        this.mostWaiting = mostWaiting;
        this.acceptFailures = acceptFailures;
        for (Ended reason : Ended.values()) {
            ended.put(reason, new LongAdder());
        }
    }

    /**
     * From here on HTTP servers of this Vert.x are bounded, as far as they are not bound yet.
     *
     * @param most connections that are served at a time
     * @param mostWaiting connections that may wait for that, asked by any thread
     * @param acceptFailures told of each accept() that failed, on the accepting event loop
     */
    public static SidePortSockets install(
            Vertx vertx, int most, IntSupplier mostWaiting, Consumer<Throwable> acceptFailures) {
        SidePortSockets sockets = new SidePortSockets(most, mostWaiting, acceptFailures);
        ListenTransports.setups(((VertxInternal) vertx).transport()).put(SETUP, sockets::setUp);
        return sockets;
    }

    /** Connections that are served now. */
    public int open() {
        return probes.taken() + others.taken();
    }

    /** Connections that have not asked yet, wait for a place, or have had their answer and are being closed. */
    public int waiting() {
        return Math.max(0, accepted.get() - open());
    }

    public int most() {
        return probes.most() + others.most();
    }

    /** Connections that were ended for this reason. */
    public long ended(Ended reason) {
        return ended.get(reason).sum();
    }

    void setUp(ServerBootstrap bootstrap) {
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
                        SidePortConnection connection = new SidePortConnection(SidePortSockets.this, channel, http);
                        connections.put(channel, connection);
                        connection.standAtDoor();
                        channel.closeFuture().addListener(closed -> {
                            connections.remove(channel);
                            connection.leave();
                        });
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

    SidePortPlaces places(boolean ofProbes) {
        return ofProbes ? probes : others;
    }

    AtomicInteger doorRoom() {
        return doorRoom;
    }

    /** On the accepting loop. Whether there is room for it now; if not, there may be after {@link #freed}. */
    boolean admit(Channel channel) {
        if (accepted.get() >= most() + mostWaiting.getAsInt()) {
            SidePortPlaces.displace(connections.values(), DISPLACED_AT_ONCE, displacing, this::freed);
            return false;
        }
        accepted.incrementAndGet();
        channel.closeFuture().addListener(closed -> {
            accepted.decrementAndGet();
            freed();
        });
        return true;
    }

    void closeDoor() {
        connections.values().forEach(SidePortConnection::closeAtDoor);
    }

    /** Ends what has kept us waiting for too long. */
    void tick() {
        long now = System.nanoTime();
        connections.values().forEach(each -> each.turn().overdue(now).ifPresent(reason -> each.end(reason, () -> {})));
        probes.next();
        others.next();
        freed();
    }
}
