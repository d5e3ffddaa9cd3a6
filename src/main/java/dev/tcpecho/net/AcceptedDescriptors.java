package dev.tcpecho.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.UncheckedBooleanSupplier;
import java.io.IOException;

/**
 * Has no accepted descriptor lost. On epoll Netty first makes a channel of it, which asks the kernel for this and that;
 * when one of these calls fails, the descriptor is nobody's, and the peer waits for ever. Netty tells the number to the
 * listening channel's allocator, as if it were a count of bytes.
 */
final class AcceptedDescriptors implements RecvByteBufAllocator {
    private final RecvByteBufAllocator netty;

    private AcceptedDescriptors(RecvByteBufAllocator netty) {
        this.netty = netty;
    }

    /** Of an epoll channel that does not accept yet; the other transports close what they cannot use. */
    static void watch(Channel listening) {
        RecvByteBufAllocator netty = listening.config().getRecvByteBufAllocator();
        listening.config().setRecvByteBufAllocator(new AcceptedDescriptors(netty));
    }

    @Override
    @SuppressWarnings("deprecation") // of the interface that the channel asks for
    public Handle newHandle() {
        return new Watch((ExtendedHandle) netty.newHandle());
    }

    /** Of one event loop, in the order of AbstractEpollServerChannel.epollInReady(). */
    @SuppressWarnings("deprecation")
    private static final class Watch extends DelegatingHandle implements ExtendedHandle {
        private static final int NONE = -1;
        private final ExtendedHandle netty;
        private int accepted = NONE;

        Watch(ExtendedHandle netty) {
            super(netty);
            this.netty = netty;
        }

        @Override
        public void lastBytesRead(int descriptor) {
            accepted = descriptor; // negative when nobody was waiting
            super.lastBytesRead(descriptor);
        }

        /** Asked once the channel has been handed on. */
        @Override
        public boolean continueReading() {
            accepted = NONE;
            return netty.continueReading();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier more) {
            accepted = NONE;
            return netty.continueReading(more);
        }

        @Override
        public void readComplete() {
            if (accepted >= 0) {
                reset(accepted);
                accepted = NONE;
            }
            netty.readComplete();
        }

        private static void reset(int descriptor) {
            try {
                new Socket(descriptor).setSoLinger(0);
            } catch (IOException | ChannelException e) {
                // Where that fails as well, close() alone resets a peer that has sent something.
            }
            try {
                new FileDescriptor(descriptor).close();
            } catch (IOException e) {
                // Closed all the same, on Linux.
            }
        }
    }
}
