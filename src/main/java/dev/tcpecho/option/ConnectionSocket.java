package dev.tcpecho.option;

import dev.tcpecho.kernel.SavedSyn;
import dev.tcpecho.kernel.TcpInfo;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the kernel tells of one accepted connection.
 *
 * @param differences effective options that differ from those of the listening socket, where both can be read
 * @param keepAlive null where the transport cannot tell
 * @param tcpInfo null where the transport cannot read it
 * @param synAsked whether the client's SYN was to be kept
 * @param syn null where none was kept
 */
public record ConnectionSocket(
        InetSocketAddress local,
        InetSocketAddress remote,
        Long receiveBuffer,
        Long sendBuffer,
        List<Difference> differences,
        KeepAlive keepAlive,
        TcpInfo tcpInfo,
        boolean synAsked,
        SavedSyn syn) {

    /** Those that are read from a connection whether or not the listening socket shows them. */
    private static final Set<SocketOption> KEPT = EnumSet.of(
            SocketOption.SO_RCVBUF,
            SocketOption.SO_SNDBUF,
            SocketOption.SO_KEEPALIVE,
            SocketOption.TCP_KEEPIDLE,
            SocketOption.TCP_KEEPINTVL,
            SocketOption.TCP_KEEPCNT,
            SocketOption.TCP_USER_TIMEOUT);

    /** One option, as getsockopt answers it on either socket. */
    public record Difference(SocketOption option, OptionValue listener, OptionValue effective) {}

    /**
     * From any thread: the connection may close meanwhile, and its descriptor may then be another socket's, so that a
     * reading counts only if the channel was open to its end.
     *
     * @param listener the values of the listening socket
     * @return empty when the connection is gone
     */
    public static Optional<ConnectionSocket> read(Channel accepted, Map<SocketOption, OptionValue> listener) {
        boolean ipv6 = listener.keySet().stream().anyMatch(option -> option.level() == Level.IPV6);
        OptionAccess access = OptionAccess.of(accepted, ipv6);
        List<Difference> differences = new ArrayList<>();
        Map<SocketOption, OptionValue> values = new EnumMap<>(SocketOption.class);
        for (SocketOption option : SocketOption.values()) {
            OptionValue own = listener.get(option);
            if (option.hasNumber() && option.appliesTo(Role.ACCEPTED, ipv6) && (own != null || KEPT.contains(option))) {
                OptionValue effective = access.read(accepted, option);
                if (effective != null) {
                    values.put(option, effective);
                    if (own != null && !effective.equals(own)) {
                        differences.add(new Difference(option, own, effective));
                    }
                }
            }
        }
        ConnectionSocket socket = new ConnectionSocket(
                (InetSocketAddress) accepted.localAddress(),
                (InetSocketAddress) accepted.remoteAddress(),
                number(values.get(SocketOption.SO_RCVBUF)),
                number(values.get(SocketOption.SO_SNDBUF)),
                List.copyOf(differences),
                KeepAlive.of(values).orElse(null),
                TcpInfoOption.read(accepted).orElse(null),
                SavedSynOption.isAsked(accepted),
                SavedSynOption.of(accepted).orElse(null));
        return accepted.isOpen() && socket.local != null && socket.remote != null
                ? Optional.of(socket)
                : Optional.empty();
    }

    private static Long number(OptionValue value) {
        return value == null ? null : value.asNumber().orElseThrow();
    }
}
