package dev.tcpecho.server;

import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.option.SocketSettings;
import dev.tcpecho.option.TcpInfoOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How long the connections of a listener may keep us waiting: idle, stalled, lingering. In ticks of the clock of their
 * event loop, from the marks that each connection keeps; on that loop alone.
 */
final class Timeouts {
    private static final long SLOWEST_TICK_MILLIS = 500;
    private static final long FASTEST_TICK_MILLIS = 5;
    private static final int TICKS_PER_TIMEOUT = 10;

    /**
     * The least that the kernel tries to deliver before it gives up: RFC 1122, 4.2.3.5, and ip-sysctl's tcp_retries2.
     */
    private static final Duration RETRANSMISSION = Duration.ofSeconds(100);

    private static final Duration SHORTEST_KEEP_ALIVE = Duration.ofSeconds(1);

    private final long tickMillis;
    private final int idleTicks;
    private final int firstByteTicks;
    private final int stallTicks;
    private final int lingerTicks;
    private final int givesUpTicks;

    Timeouts(ListenerConfig config) {
        this.tickMillis = tickMillis(config);
        this.idleTicks = ticks(config.idleTimeout());
        this.firstByteTicks = ticks(firstByteTimeout(config));
        this.stallTicks = ticks(config.writeStallTimeout());
        this.lingerTicks = ticks(config.lingerTimeout());
        this.givesUpTicks = ticks(kernelGivesUp(config.socket()));
    }

    long tickMillis() {
        return tickMillis;
    }

    /** Ends the connection if its time is over by this tick. Whether the kernel was asked. */
    boolean apply(ServedChannel each, int now) {
        if (each.isFinished()) {
            if (now - each.progressTick >= lingerTicks) {
                each.end(CloseReason.LINGER_TIMEOUT);
            }
            return false;
        }
        boolean asks = (each.owed() > 0 || each.unconfirmed) && now - each.activeTick > 0;
        if (asks) {
            lookAtAcknowledgements(each, now);
        }
        if (each.owed() > 0 || each.unconfirmed) {
            if (now - each.progressTick >= stallTicks) {
                each.reset(CloseReason.WRITE_STALL);
            }
        } else if (isOver(idleTicks, each, now) || each.ledger.received() == 0 && isOver(firstByteTicks, each, now)) {
            each.end(CloseReason.IDLE);
        }
        return asks;
    }

    /** Whether it was silent long enough for the kernel to end it, by its retransmissions or keep-alive probes. */
    boolean kernelMayHaveGivenUp(ServedChannel each, int now) {
        return isOver(givesUpTicks, each, now);
    }

    /** At the earliest. Only NIO wonders, which cannot set TCP_USER_TIMEOUT. */
    private static Duration kernelGivesUp(SocketSettings settings) {
        Duration probed =
                settings.tcpKeepAlive() ? settings.tcpKeepAliveIdle().orElse(SHORTEST_KEEP_ALIVE) : RETRANSMISSION;
        return probed.compareTo(RETRANSMISSION) < 0 ? probed : RETRANSMISSION;
    }

    private static boolean isOver(int ticks, ServedChannel each, int now) {
        return ticks > 0 && now - each.activeTick >= ticks;
    }

    /**
     * A peer that reads slowly makes progress long before the socket is writable again, and bytes that the kernel took
     * may still never arrive: only acknowledgements tell. Asked of connections that were silent for a tick, until all
     * is acknowledged. Where the kernel does not tell, its own retransmission time-out has to do.
     */
    private static void lookAtAcknowledgements(ServedChannel each, int now) {
        Optional<TcpInfo> info = TcpInfoOption.read(each.channel());
        if (info.isPresent() && each.ledger.acknowledged(info.get().bytesAcked())) {
            each.progressTick = now;
        }
        each.unconfirmed =
                info.isPresent() && (info.get().unacked() > 0 || info.get().notSent() > 0);
    }

    /** A peer of {@code once} is to send; those of other modes may listen first. */
    private static Duration firstByteTimeout(ListenerConfig config) {
        return config.mode() == EchoMode.ONCE ? config.firstByteTimeout() : Duration.ZERO;
    }

    /** A tenth of the shortest time-out, within bounds: a time-out is late by a tick at most. */
    private static long tickMillis(ListenerConfig config) {
        long shortest = Math.min(
                config.writeStallTimeout().toMillis(), config.lingerTimeout().toMillis());
        for (Duration unlessZero : List.of(config.idleTimeout(), firstByteTimeout(config))) {
            if (!unlessZero.isZero()) {
                shortest = Math.min(shortest, unlessZero.toMillis());
            }
        }
        return Math.max(FASTEST_TICK_MILLIS, Math.min(SLOWEST_TICK_MILLIS, shortest / TICKS_PER_TIMEOUT));
    }

    /** Rounded up, plus the tick that is already under way: never early. 0 stands for never. */
    private int ticks(Duration timeout) {
        return timeout.isZero()
                ? 0
                : Math.toIntExact(
                        Math.min(Integer.MAX_VALUE / 2, (timeout.toMillis() + tickMillis - 1) / tickMillis + 1));
    }
}
