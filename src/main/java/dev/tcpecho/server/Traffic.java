package dev.tcpecho.server;

import dev.tcpecho.net.ProxyOutcome;
import dev.tcpecho.net.TlsOutcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What went through one listener. Written on event loops, read at scrape; every figure only grows, but for the active.
 */
public final class Traffic {
    final LongAdder bytesReceived = new LongAdder();
    final LongAdder bytesSent = new LongAdder();
    final LongAdder bytesDiscarded = new LongAdder();
    final LongAdder acceptFailures = new LongAdder();
    final LongAdder readsPutOff = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private final AtomicInteger active = new AtomicInteger();
    private final Map<CloseReason, LongAdder> closed = adders(CloseReason.class);
    private final Map<RefusalReason, LongAdder> refused = adders(RefusalReason.class);

    private final Map<ProxyOutcome, LongAdder> proxyHeaders = adders(ProxyOutcome.class);
    private final Map<TlsOutcome, LongAdder> handshakes = adders(TlsOutcome.class);

    /** Takes a place among the active connections, unless {@code limit} are taken; not yet counted as opened. */
    boolean take(int limit) {
        int open;
        do {
            open = active.get();
            if (open >= limit) {
                refuse(RefusalReason.LIMIT);
                return false;
            }
        } while (!active.compareAndSet(open, open + 1));
        return true;
    }

    /** One that has a place is served. */
    void open() {
        opened.increment();
    }

    /** The place of one that was refused after all, and never counted as opened. */
    void giveBack() {
        active.decrementAndGet();
    }

    void close(CloseReason reason) {
        closed.get(reason).increment();
        active.decrementAndGet();
    }

    void refuse(RefusalReason reason) {
        refused.get(reason).increment();
    }

    void proxyHeader(ProxyOutcome outcome) {
        proxyHeaders.get(outcome).increment();
    }

    void handshake(TlsOutcome outcome) {
        handshakes.get(outcome).increment();
    }

    /** Connections of a listener with PROXY protocol, by what became of their header. */
    public long proxyHeaders(ProxyOutcome outcome) {
        return proxyHeaders.get(outcome).sum();
    }

    /** TLS handshakes by how they ended. */
    public long handshakes(TlsOutcome outcome) {
        return handshakes.get(outcome).sum();
    }

    public int active() {
        return active.get();
    }

    public long opened() {
        return opened.sum();
    }

    public long closed(CloseReason reason) {
        return closed.get(reason).sum();
    }

    /** Connections that ended, for whatever reason. */
    public long closed() {
        return closed.values().stream().mapToLong(LongAdder::sum).sum();
    }

    public long refused(RefusalReason reason) {
        return refused.get(reason).sum();
    }

    /** Every byte read from peers. */
    public long bytesReceived() {
        return bytesReceived.sum();
    }

    /** Every byte that the kernel took for peers. */
    public long bytesSent() {
        return bytesSent.sum();
    }

    /**
     * The bytes received that no reply is made of: beyond the read limit, after the reply, of a mode that does not
     * echo.
     */
    public long bytesDiscarded() {
        return bytesDiscarded.sum();
    }

    /** Reads that brought nothing, since there was no memory for what they would bring. */
    public long readsPutOff() {
        return readsPutOff.sum();
    }

    public long acceptFailures() {
        return acceptFailures.sum();
    }

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> reasons) {
        Map<E, LongAdder> adders = new EnumMap<>(reasons);
        for (E reason : reasons.getEnumConstants()) {
            adders.put(reason, new LongAdder());
        }
        return adders;
    }
}
