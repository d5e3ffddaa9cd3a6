package dev.tcpecho.option;

import dev.tcpecho.kernel.TcpInfo;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the kernel tells of one accepted connection.
 *
 * @param differences effective options that differ from those of the listening socket, where both can be read
 * @param tcpInfo null where the transport cannot read it
 */
public record ConnectionSocket(
        InetSocketAddress local,
        InetSocketAddress remote,
        Long receiveBuffer,
        Long sendBuffer,
        List<Difference> differences,
        TcpInfo tcpInfo) {

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
        for (SocketOption option : SocketOption.values()) {
            OptionValue own = listener.get(option);
            if (own != null && option.hasNumber() && option.appliesTo(Role.ACCEPTED, ipv6)) {
                OptionValue effective = access.read(accepted, option);
                if (effective != null && !effective.equals(own)) {
                    differences.add(new Difference(option, own, effective));
                }
            }
        }
        ConnectionSocket socket = new ConnectionSocket(
                (InetSocketAddress) accepted.localAddress(),
                (InetSocketAddress) accepted.remoteAddress(),
                number(access.read(accepted, SocketOption.SO_RCVBUF)),
                number(access.read(accepted, SocketOption.SO_SNDBUF)),
                List.copyOf(differences),
                TcpInfoOption.read(accepted).orElse(null));
        return accepted.isOpen() && socket.local != null && socket.remote != null
                ? Optional.of(socket)
                : Optional.empty();
    }

    private static Long number(OptionValue value) {
        return value == null ? null : value.asNumber().orElseThrow();
    }
}
