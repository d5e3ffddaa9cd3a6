package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.Peer;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections of each peer address of one listener, and how many it may have. Whoever has one IPv6 address has its
 * /64. From any thread.
 */
final class Places {
    private static final AttributeKey<Long> TAKEN = AttributeKey.valueOf("tcp-echo.place");
    private final int most;
    private final Map<Long, Integer> taken = new ConcurrentHashMap<>();

    /** @param most of one address; 0 = any number */
    Places(int most) {
        this.most = most;
    }

    /** Takes one of the places of this peer, if one is left, until {@link #giveBack}. */
    boolean take(Channel connection) {
        if (most == 0) {
            return true;
        }
        Long key = Addresses.network(Peer.of(connection).address().getAddress());
        boolean[] got = new boolean[1];
        taken.compute(key, (same, count) -> {
            int before = count == null ? 0 : count;
            got[0] = before < most;
            return got[0] ? before + 1 : count;
        });
        if (got[0]) {
            connection.attr(TAKEN).set(key);
        }
        return got[0];
    }

    /** Harmless where none was taken. */
    void giveBack(Channel connection) {
        Long key = most == 0 ? null : connection.attr(TAKEN).getAndSet(null);
        if (key != null) {
            taken.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Addresses that have a place. */
    int addresses() {
        return taken.size();
    }
}
