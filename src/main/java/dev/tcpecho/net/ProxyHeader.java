package dev.tcpecho.net;

import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * What a trusted proxy told of the connection that it forwards.
 *
 * @param version of the protocol, 1 or 2
 * @param local whether the proxy speaks for itself, as in its health checks
 * @param source the client's address as the proxy saw it; empty where the proxy does not know it, or it is no IP
 *     address
 * @param destination the address that the client connected to
 * @param tlvs in the order of the header; those within {@code SSL} follow it
 */
public record ProxyHeader(
        int version,
        boolean local,
        Optional<InetSocketAddress> source,
        Optional<InetSocketAddress> destination,
        List<ProxyTlv> tlvs) {

    static ProxyHeader of(HAProxyMessage message) {
        boolean ip = message.proxiedProtocol().addressFamily() == AddressFamily.AF_IPv4
                || message.proxiedProtocol().addressFamily() == AddressFamily.AF_IPv6;
        return new ProxyHeader(
                message.protocolVersion() == HAProxyProtocolVersion.V1 ? 1 : 2,
                message.command() == HAProxyCommand.LOCAL,
                ip ? address(message.sourceAddress(), message.sourcePort()) : Optional.empty(),
                ip ? address(message.destinationAddress(), message.destinationPort()) : Optional.empty(),
                message.tlvs().stream().map(ProxyTlv::of).toList());
    }

    ProxyOutcome outcome() {
        return source.isPresent() ? ProxyOutcome.ACCEPTED : ProxyOutcome.LOCAL;
    }

    private static Optional<InetSocketAddress> address(String text, int port) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return bytes == null
                    ? Optional.empty()
                    : Optional.of(new InetSocketAddress(InetAddress.getByAddress(bytes), port));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }
}
