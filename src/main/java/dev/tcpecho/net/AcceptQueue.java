package dev.tcpecho.net;

import dev.tcpecho.kernel.PortTable;
import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.option.OptionAccess;
import dev.tcpecho.option.RequestedOptions;
import dev.tcpecho.option.SocketDrops;
import dev.tcpecho.option.SocketSettings;
import dev.tcpecho.option.TcpInfoOption;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.impl.VertxInternal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * The accept queue of one listening socket. The kernel keeps no high-water mark: {@code peak} is the longest queue that
 * a sample found, and shorter bursts go unseen.
 */
public final class AcceptQueue {
    /** How often it is sampled; each reading of the report or the metrics is one more sample. */
    public static final long SAMPLE_MILLIS = 100;

    private static final long UNKNOWN = -1;

    private volatile boolean maxRead;
    private volatile long current = UNKNOWN;
    private volatile long peak = UNKNOWN;
    private volatile long max = UNKNOWN;
    private final Channel listening;
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile long drops = UNKNOWN;
    private final RequestedOptions options;
    /** Then every bare ACK that ends a handshake counts as a drop (tcp_check_req() in net/ipv4/tcp_minisocks.c). */
    private final boolean dropsAcks;

    AcceptQueue(Channel listening, RequestedOptions options, SocketSettings settings) {
        this.listening = listening;
        this.options = options;
        this.dropsAcks =
                settings.tcpDeferAccept().filter(time -> !time.isZero()).isPresent();
    }

    /** Until the channel closes. Not on the accepting loop if there is another: while that is busy, the queue grows. */
    void sampleFrom(VertxInternal vertx, EventLoop acceptingLoop) {
        EventLoop sampler = EventLoops.of(vertx).stream()
                .filter(loop -> loop != acceptingLoop)
                .findAny()
                .orElse(acceptingLoop);
        // TCP_INFO is one system call; elsewhere a file of /proc is read, which may block.
        Runnable sample = OptionAccess.isEpoll(listening) ? this::sample : () -> sampleFromTable(vertx);
        ScheduledFuture<?> sampling =
                sampler.scheduleWithFixedDelay(sample, SAMPLE_MILLIS, SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
        listening.closeFuture().addListener(closed -> sampling.cancel(false));
    }

    /** One at a time: where reading takes longer than the time between, tasks would pile up. */
    private void sampleFromTable(VertxInternal vertx) {
        if (reading.compareAndSet(false, true)) {
            vertx.executeBlocking(
                            () -> {
                                sample(address -> PortTable.acceptQueue(address, Duration.ofMillis(SAMPLE_MILLIS)));
                                return null;
                            },
                            false)
                    .onComplete(done -> reading.set(false));
        }
    }

    /** From any thread: a channel that is closed meanwhile leaves the figures of the time before. */
    void sample() {
        sample(PortTable::acceptQueue);
    }

    private void sample(Function<InetSocketAddress, OptionalLong> table) {
        if (!listening.isActive()) {
            current = UNKNOWN;
            return;
        }
        Optional<TcpInfo> info = TcpInfoOption.read(listening).filter(TcpInfo::isListening);
        long length = info.map(TcpInfo::acceptQueue)
                .orElseGet(() -> table.apply((InetSocketAddress) listening.localAddress())
                        .orElse(UNKNOWN));
        OptionalLong drops = dropsAcks ? OptionalLong.empty() : SocketDrops.read(listening);
        if (!listening.isOpen()) {
            return; // its descriptor may be another socket's already
        }
        info.ifPresent(read -> {
            max = read.acceptQueueMax();
            maxRead = true;
        });
        if (drops.isPresent()) {
            this.drops = drops.getAsLong();
        }
        current = length;
        peak = Math.max(peak, length);
    }

    /** Connections that wait now; -1 where that cannot be read. */
    public long current() {
        return current;
    }

    /** The longest queue sampled since the bind; -1 where that cannot be read. */
    public long peak() {
        return peak;
    }

    /** SYNs and connections that this very socket dropped since the bind; -1 where that cannot be known. */
    public long drops() {
        return drops;
    }

    /** The backlog in force; -1 where that can neither be read nor worked out. */
    public long max() {
        return maxRead ? max : options.concludedBacklog().orElse(UNKNOWN);
    }

    /** Whether {@link #max} was worked out, since it cannot be read here. */
    public boolean isMaxComputed() {
        return !maxRead;
    }
}
