package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.ListeningSocket;
import dev.tcpecho.option.OptionReading;
import dev.tcpecho.option.SocketOption;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jboss.logging.Logger;

/** What the reference server logs of each connection, at DEBUG. Made only while DEBUG is on. */
final class ConnectionLog {
    static final Logger LOG = Logger.getLogger(ConnectionLog.class.getPackageName() + ".connection");

    /** The reference's four, under its names. */
    private static final Map<SocketOption, String> SHOWN = Map.of(
            SocketOption.SO_REUSEADDR, "reuse_address",
            SocketOption.SO_REUSEPORT, "reuse_port",
            SocketOption.SO_RCVBUF, "recv_buf_size",
            SocketOption.SO_SNDBUF, "send_buf_size");

    private final List<OptionReading> options;
    private final Queue<Unsent> unsent = new ArrayDeque<>();

    private record Unsent(String text, int length) {}

    private long sentOfFirst;

    private ConnectionLog(List<OptionReading> options) {
        this.options = options;
    }

    /** Null while DEBUG is off. */
    static ConnectionLog of(ListeningSocket socket, Channel accepted) {
        return LOG.isDebugEnabled() ? new ConnectionLog(socket.options(accepted)) : null;
    }

    void connected(Channel channel) {
        LOG.debugf("connected from %s to %s", text(channel.remoteAddress()), text(channel.localAddress()));
        for (OptionReading reading : options) {
            if (SHOWN.containsKey(reading.option())) {
                LOG.debugf("%s: %s", SHOWN.get(reading.option()), reading.effective());
            }
        }
    }

    void queued(ByteBuf bytes) {
        String text = PeerBytes.escaped(bytes);
        unsent.add(new Unsent(text, bytes.readableBytes()));
        LOG.debugf("recv: %s", text);
    }

    void taken(long count) {
        sentOfFirst += count;
        while (!unsent.isEmpty() && sentOfFirst >= unsent.peek().length()) {
            Unsent done = unsent.remove();
            sentOfFirst -= done.length();
            LOG.debugf("sent: %s", done.text());
        }
    }

    void closed(Channel channel, CloseReason reason, Ledger ledger) {
        LOG.debugf(
                "closed %s: %s, %d bytes received, %d sent",
                text(channel.remoteAddress()), reason, ledger.received(), ledger.taken());
    }

    private static String text(java.net.SocketAddress address) {
        return address instanceof InetSocketAddress inet ? Addresses.text(inet) : String.valueOf(address);
    }
}
