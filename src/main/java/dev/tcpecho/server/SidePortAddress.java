package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.HostAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Where the HTTP side is going to listen, so that a clash can be told before it happens. */
record SidePortAddress(List<HostAddress> addresses, int port) {
    static final SidePortAddress NONE = new SidePortAddress(List.of(), 0);

    /** A host that nobody knows is told by the HTTP server itself. */
    static SidePortAddress of(String host, int port) {
        try {
            return new SidePortAddress(Addresses.resolve(host), port);
        } catch (UnknownHostException e) {
            return NONE;
        }
    }
}
