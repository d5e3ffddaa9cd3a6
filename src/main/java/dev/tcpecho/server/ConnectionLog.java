package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.Peer;
import dev.tcpecho.option.OptionAccess;
import dev.tcpecho.option.SocketOption;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** What the reference server logs of each connection, at DEBUG. Made only while DEBUG is on. */
final class ConnectionLog {
    static final Logger LOG = Logger.getLogger(ConnectionLog.class.getPackageName() + ".connection");

    /** The reference's four, under its names. */
    private static final List<Map.Entry<SocketOption, String>> SHOWN = List.of(
            Map.entry(SocketOption.SO_REUSEADDR, "reuse_address"),
            Map.entry(SocketOption.SO_REUSEPORT, "reuse_port"),
            Map.entry(SocketOption.SO_RCVBUF, "recv_buf_size"),
            Map.entry(SocketOption.SO_SNDBUF, "send_buf_size"));

    private final Queue<Unsent> unsent = new ArrayDeque<>();

    private record Unsent(String text, int length) {}

    private long sentOfFirst;

    /** More tells no one more, and one peer of small segments would fill a disk. */
    private static final int LINES_A_SECOND = 20;

    private long secondNanos = System.nanoTime();
    private int lines;
    private long unlogged;

    private ConnectionLog() {}

    /** Null while DEBUG is off. */
    static ConnectionLog ifDebug() {
        return LOG.isDebugEnabled() ? new ConnectionLog() : null;
    }

    void connected(Channel channel) {
        LOG.debugf("connected from %s to %s", text(channel.remoteAddress()), text(channel.localAddress()));
        OptionAccess access = OptionAccess.of(channel, false); // none of the four depends on the family
        SHOWN.forEach(shown -> LOG.debugf("%s: %s", shown.getValue(), access.read(channel, shown.getKey())));
    }

    /** What stands in front has let the connection pass. */
    void begun(Peer peer) {
        peer.source().ifPresent(source -> LOG.debugf("proxied for %s", Addresses.text(source)));
        peer.tls().ifPresent(tls -> LOG.debugf("%s with %s", tls.protocol(), tls.cipher()));
    }

    void queued(ByteBuf bytes) {
        String text = PeerBytes.escaped(bytes);
        unsent.add(new Unsent(text, bytes.readableBytes()));
        debug("recv: %s", text);
    }

    private void debug(String format, String text) {
        long now = System.nanoTime();
        if (now - secondNanos >= TimeUnit.SECONDS.toNanos(1)) {
            tellOfUnlogged();
            secondNanos = now;
            lines = 0;
        }
        if (lines < LINES_A_SECOND) {
            lines++;
            LOG.debugf(format, text);
        } else {
            unlogged++;
        }
    }

    private void tellOfUnlogged() {
        if (unlogged > 0) {
            LOG.debugf("(%d more lines of this connection)", unlogged);
            unlogged = 0;
        }
    }

    void taken(long count) {
        sentOfFirst += count;
        while (!unsent.isEmpty() && sentOfFirst >= unsent.peek().length()) {
            Unsent done = unsent.remove();
            sentOfFirst -= done.length();
            debug("sent: %s", done.text());
        }
    }

    void closed(Channel channel, CloseReason reason, Ledger ledger) {
        tellOfUnlogged();
        LOG.debugf(
                "closed %s: %s, %d bytes received, %d sent",
                text(channel.remoteAddress()), reason, ledger.received(), ledger.taken());
    }

    private static String text(java.net.SocketAddress address) {
        return address instanceof InetSocketAddress inet ? Addresses.text(inet) : String.valueOf(address);
    }
}
