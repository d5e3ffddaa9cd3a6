package dev.tcpecho.net;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

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

    /**
     * Bytes that the kernel takes at once from who has none under way, however little memory it has: 4096 (the first of
     * tcp_wmem), with its own of a packet counted in (tcp_wmem_schedule of Linux 6.0).
     */
    static final int CERTAIN = 2048;

    private SendQueue() {}

    /** Bytes that the kernel is likely to take at once; 0 when the queue is half full, -1 where it does not tell. */
    static long room(ChannelConfig config) {
        Optional<Memory> memory = memory(config);
        return memory.isEmpty() ? -1 : memory.get().room();
    }

    /** Whether nothing is under way; also where the kernel does not tell. */
    static boolean isEmpty(ChannelConfig config) {
        return memory(config).filter(memory -> memory.queued > 0).isEmpty();
    }

    private static Optional<Memory> memory(ChannelConfig config) {
        if (!Epoll.isAvailable() || !(config instanceof EpollSocketChannelConfig)) {
            return Optional.empty();
        }
        try {
            ByteBuffer info = config.getOption(Option.MEMINFO).order(ByteOrder.nativeOrder());
            return Optional.of(new Memory(
                    Integer.toUnsignedLong(info.getInt(SEND_BUFFER)), Integer.toUnsignedLong(info.getInt(QUEUED))));
        } catch (ChannelException e) {
            return Optional.empty();
        }
    }

    private record Memory(long sendBuffer, long queued) {
        long room() {
            return queued * 2 > sendBuffer ? 0 : (sendBuffer - queued) / CAUTION;
        }
    }

    /** Made only where there are natives. */
    private static final class Option {
        static final RawUnixChannelOption MEMINFO =
                new RawUnixChannelOption("SO_MEMINFO", SOL_SOCKET, SO_MEMINFO, LENGTH);

        private Option() {}
    }
}
