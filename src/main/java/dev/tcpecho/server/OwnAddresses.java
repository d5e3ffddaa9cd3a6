package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/** Through which of its own addresses this machine reaches a socket that listens here. */
final class OwnAddresses {
    private static final Logger LOG = Logger.getLogger(OwnAddresses.class);

    private OwnAddresses() {}

    /** A wildcard address is asked through the loopback interface, and where that lacks the family, through others. */
    static List<InetAddress> leadingTo(InetAddress bound) {
        if (!bound.isAnyLocalAddress()) {
            return new ArrayList<>(List.of(bound));
        }
        Set<InetAddress> targets = new LinkedHashSet<>();
        try {
            targets.add(InetAddress.getByName(Addresses.isIpv6(bound) ? "::1" : "127.0.0.1"));
            targets.add(InetAddress.getByName("127.0.0.1"));
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(each -> each.getClass() == bound.getClass())
                    .forEach(targets::add);
        } catch (UnknownHostException | SocketException e) {
            LOG.debugf(e, "not all addresses of this machine can be seen");
        }
        return new ArrayList<>(targets);
    }
}
