package dev.tcpecho.net;

import dev.tcpecho.kernel.PortTable;
import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The inodes of this process's listening sockets, by which the kernel's table tells them from those of others. */
final class OwnSockets {
    private static final Set<Long> INODES = ConcurrentHashMap.newKeySet();

    private OwnSockets() {}

    /** Until the channel closes. */
    static void add(Channel listening) {
        List<Long> inodes = listening instanceof UnixChannel unix
                ? PortTable.inodeOf(unix.fd().intValue()).stream().boxed().toList()
                : inodesOfThisProcess((InetSocketAddress) listening.localAddress());
        INODES.addAll(inodes);
        inodes.forEach(inode -> listening.closeFuture().addListener(closed -> INODES.remove(inode)));
    }

    static boolean contains(PortTable.Row row) {
        return INODES.contains(row.inode());
    }

    /** The JDK does not tell the descriptor: whatever of this process listens there is the channel's. */
    private static List<Long> inodesOfThisProcess(InetSocketAddress address) {
        Set<Long> all = PortTable.inodesOfThisProcess();
        return PortTable.listening(address.getPort()).orElse(List.of()).stream()
                .filter(row -> row.local().equals(address))
                .map(PortTable.Row::inode)
                .filter(all::contains)
                .toList();
    }
}
