package dev.tcpecho.net;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How much the kernel would take of a connection's bytes: SO_MEMINFO of Linux 4.12 and later (linux/sock_diag.h). */
final class SendQueue {
    private static final int SOL_SOCKET = 1;
    private static final int SO_MEMINFO = 55;

    /** SK_MEMINFO_SNDBUF and SK_MEMINFO_WMEM_QUEUED, of nine u32. */
    private static final int SEND_BUFFER = 3 * Integer.BYTES;

    private static final int QUEUED = 5 * Integer.BYTES;
    private static final int LENGTH = 9 * Integer.BYTES;

    /** A byte of data costs up to twice as much of the send buffer; as much again stays free. */
    private static final int CAUTION = 4;

    private SendQueue() {}

    /** Bytes that the kernel is likely to take at once; 0 when the queue is half full, -1 where it does not tell. */
    static long room(ChannelConfig config) {
        if (!Epoll.isAvailable() || !(config instanceof EpollSocketChannelConfig)) {
            return -1;
        }
        try {
            ByteBuffer info = config.getOption(Option.MEMINFO).order(ByteOrder.nativeOrder());
            long sendBuffer = Integer.toUnsignedLong(info.getInt(SEND_BUFFER));
            long queued = Integer.toUnsignedLong(info.getInt(QUEUED));
            return queued * 2 > sendBuffer ? 0 : (sendBuffer - queued) / CAUTION;
        } catch (ChannelException e) {
            return -1;
        }
    }

    /** Made only where there are natives. */
    private static final class Option {
        static final RawUnixChannelOption MEMINFO =
                new RawUnixChannelOption("SO_MEMINFO", SOL_SOCKET, SO_MEMINFO, LENGTH);

        private Option() {}
    }
}
