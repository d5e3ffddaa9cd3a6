package dev.tcpecho.net;

import dev.tcpecho.option.SocketSettings;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * What a listening socket is to be.
 *
 * @param address resolved; port 0 takes any free one
 * @param v6Only keep an IPv6 socket from taking IPv4 connections as well
 * @param accepts false: connections stay in its accept queue
 */
public record Binding(
        InetSocketAddress address, Shard shard, boolean v6Only, boolean accepts, SocketSettings settings) {
    boolean isIpv6() {
        return address.getAddress() instanceof Inet6Address;
    }
}
