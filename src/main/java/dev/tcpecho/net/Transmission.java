package dev.tcpecho.net;

import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.option.TcpInfoOption;
import io.netty.channel.Channel;
import java.util.Optional;

/** How far what a connection sent has come, as the kernel tells where it does. */
record Transmission(Channel channel) {
    private Optional<TcpInfo> info() {
        return TcpInfoOption.read(channel);
    }

    /** Whether nothing waits for its segment any more; true where the kernel does not tell, or a write would fail. */
    boolean isSent() {
        return info().map(told -> told.notSent() == 0 || told.isClosed()).orElse(true);
    }

    /** Whether the peer has acknowledged all of it. */
    Optional<Boolean> hasArrived() {
        return info().map(told -> told.unacked() == 0 && told.notSent() == 0);
    }

    /** Whether the peer has reset the connection, or the kernel has given it up. Not to be asked after our FIN. */
    boolean isBrokenOff() {
        return info().filter(TcpInfo::isClosed).isPresent();
    }
}
