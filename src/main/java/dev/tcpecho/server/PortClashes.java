package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Listeners of one configuration that would take the same port of the same address. */
final class PortClashes {
    private PortClashes() {}

    /** A sentence per clash, with both keys. */
    static List<String> of(Map<String, ListenerConfig> configs, Map<String, Collection<InetAddress>> addresses) {
        List<String> clashes = new ArrayList<>();
        List<String> names = List.copyOf(addresses.keySet());
        for (int i = 0; i < names.size(); i++) {
            for (int j = i + 1; j < names.size(); j++) {
                String one = names.get(i);
                String other = names.get(j);
                int port = configs.get(one).port();
                if (port != 0
                        && port == configs.get(other).port()
                        && overlap(addresses.get(one), addresses.get(other))) {
                    clashes.add("listeners " + one + " and " + other + " both ask for port " + port + ": "
                            + ConfiguredListeners.key(one, "port") + " and " + ConfiguredListeners.key(other, "port")
                            + " must differ, or their hosts");
                }
            }
        }
        return clashes;
    }

    private static boolean overlap(Collection<InetAddress> some, Collection<InetAddress> others) {
        return some.stream().anyMatch(one -> others.stream().anyMatch(other -> Addresses.overlap(one, other)));
    }
}
