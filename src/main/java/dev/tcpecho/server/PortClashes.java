package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.HostAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sockets of one configuration that would take the same port of the same address. */
final class PortClashes {
    private final Map<String, ListenerConfig> configs;
    private final Map<String, List<HostAddress>> addresses;

    PortClashes(Map<String, ListenerConfig> configs, Map<String, List<HostAddress>> addresses) {
        this.configs = configs;
        this.addresses = addresses;
    }

    /**
     * A sentence per clash, with the keys to change.
     *
     * @param sidePort where the HTTP side is going to listen
     */
    List<String> with(SidePortAddress sidePort) {
        List<String> clashes = new ArrayList<>();
        List<String> names = List.copyOf(addresses.keySet());
        for (int i = 0; i < names.size(); i++) {
            String one = names.get(i);
            clashesOfOne(one, clashes);
            for (String other : names.subList(i + 1, names.size())) {
                if (samePort(one, port(other)) && meet(addresses.get(one), addresses.get(other), port(one))) {
                    clashes.add("listeners " + one + " and " + other + " both ask for port " + port(one) + ": "
                            + ConfiguredListeners.key(one, "port") + " and " + ConfiguredListeners.key(other, "port")
                            + " must differ, or their hosts");
                }
            }
            if (samePort(one, sidePort.port()) && meet(addresses.get(one), sidePort.addresses(), port(one))) {
                clashes.add("listener " + one + " and the side port both ask for port " + port(one) + ": "
                        + ConfiguredListeners.key(one, "port") + " and quarkus.http.port must differ, or "
                        + ConfiguredListeners.key(one, "host") + " and quarkus.http.host");
            }
        }
        return clashes;
    }

    /** With SO_REUSEPORT a wildcard and an address of its own share the port: the more specific socket gets its own. */
    private void clashesOfOne(String name, List<String> clashes) {
        List<HostAddress> hosts = addresses.get(name);
        if (port(name) == 0 || configs.get(name).socket().reusePort()) {
            return;
        }
        for (int i = 0; i < hosts.size(); i++) {
            for (HostAddress other : hosts.subList(i + 1, hosts.size())) {
                if (meet(List.of(hosts.get(i)), List.of(other), port(name))) {
                    clashes.add("listener " + name + ": "
                            + Addresses.text(hosts.get(i).address()) + " and "
                            + Addresses.text(other.address()) + " of " + ConfiguredListeners.key(name, "host")
                            + " overlap on port " + port(name) + ": leave one out, or set "
                            + ConfiguredListeners.key(name, "socket.reuse-port") + "=true");
                }
            }
        }
    }

    private boolean meet(List<HostAddress> some, List<HostAddress> others, int port) {
        boolean ipv4Elsewhere = isIpv4AnyAskedFor(port);
        return some.stream().anyMatch(one -> others.stream()
                .anyMatch(other -> one.overlaps(other)
                        && !(ipv4Elsewhere && (isIpv6Alone(one, other) || isIpv6Alone(other, one)))));
    }

    /** Whether 0.0.0.0 is asked for with the port of this listener: then its {@code ::} is for IPv6 alone. */
    boolean isIpv4AnyAskedFor(String listener) {
        return port(listener) == 0
                ? addresses.get(listener).stream().anyMatch(each -> Addresses.isIpv4Any(each.address()))
                : isIpv4AnyAskedFor(port(listener));
    }

    private boolean isIpv4AnyAskedFor(int port) {
        return addresses.keySet().stream()
                .filter(name -> port(name) == port)
                .flatMap(name -> addresses.get(name).stream())
                .anyMatch(each -> Addresses.isIpv4Any(each.address()));
    }

    private static boolean isIpv6Alone(HostAddress any, HostAddress other) {
        return Addresses.isIpv6(any.address())
                && any.address().isAnyLocalAddress()
                && !any.isAllInterfaces()
                && !Addresses.isIpv6(other.address());
    }

    private boolean samePort(String listener, int port) {
        return port != 0 && port(listener) == port;
    }

    private int port(String listener) {
        return configs.get(listener).port();
    }
}
