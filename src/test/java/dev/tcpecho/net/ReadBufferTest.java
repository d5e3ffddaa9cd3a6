package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.Transports;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadBufferTest {
    private final WaitingRoom room = new WaitingRoom(64 << 10);
    private final ReadBuffer reads = new ReadBuffer(1000, room);

    @Test
    void servesOneReadAfterTheOtherFromTheSameMemory() {
        ByteBuf one = read();
        one.writeInt(1).release();
        ByteBuf two = read();
        assertThat(two).isSameAs(one);
        assertThat(two.readableBytes()).isZero();
        assertThat(two.writableBytes()).isEqualTo(1000);
    }

    @Test
    void refusesToOverwriteBytesThatAreStillInUse() {
        read();
        assertThatIllegalStateException().isThrownBy(this::read);
    }

    @Test
    void readsNothingThatCouldNotBeKept() {
        ReadBuffer large = new ReadBuffer(1 << 20, room);
        large.allocate(UnpooledByteBufAllocator.DEFAULT).release();
        assertThat(large.allocate(UnpooledByteBufAllocator.DEFAULT).writableBytes())
                .isEqualTo(64 << 10);
    }

    @Test
    void readsNoMoreWhenEveryBlockWaitsAndAgainWhenOneIsBack() {
        List<ByteBuf> waiting = Stream.generate(room::take).limit(16).toList();
        assertThatExceptionOfType(NoRoom.class).isThrownBy(this::read);
        assertThatExceptionOfType(NoRoom.class).isThrownBy(room::take);
        waiting.get(3).release();
        read().release();
        assertThat(room.take().writableBytes()).isEqualTo(WaitingRoom.BLOCK);
    }

    /** A block that is half sent is as large as ever. */
    @Test
    void countsABlockUntilItsLastByteHasGone() {
        List<ByteBuf> waiting = Stream.generate(room::take).limit(16).toList();
        waiting.get(0).writeZero(100).skipBytes(99);
        assertThatExceptionOfType(NoRoom.class).isThrownBy(this::read);
    }

    @Test
    void givesEachListenerReadsOfItsOwnSizeFromOneMemory() {
        ReadBuffer small = reads.limitedTo(10);
        ByteBuf ten = small.allocate(UnpooledByteBufAllocator.DEFAULT);
        assertThat(ten.writableBytes()).isEqualTo(10);
        assertThatIllegalStateException().isThrownBy(this::read);
        ten.release();
        assertThat(read().writableBytes()).isEqualTo(1000);
    }

    /**
     * A send buffer with room in it is no promise: under pressure on its memory for TCP the kernel takes nothing from
     * who has much of it. A thousand stalled peers then kept a block of the last quarter each, and nobody was served.
     */
    @Test
    void keepsTheLastBlocksForThoseWithNothingUnderWay() throws Exception {
        Transports.EPOLL.assumeAvailable();
        EventLoopGroup loops = new EpollEventLoopGroup(1);
        try (ServerSocket peers = new ServerSocket(0)) {
            try {
                Channel idle = connect(loops, peers);
                Channel stalled = connect(loops, peers);
                stalled.writeAndFlush(Unpooled.wrappedBuffer(new byte[32 << 20])); // more than its peer's window
                await().until(() -> !SendQueue.isEmpty(stalled.config()));

                WaitingRoom sixtyFour = new WaitingRoom(64 * WaitingRoom.BLOCK);
                ReadBuffer large = new ReadBuffer(1 << 20, sixtyFour);
                List<ByteBuf> waiting = take(sixtyFour, 64 - 7);
                assertThat(read(large, idle)).isEqualTo(WaitingRoom.BLOCK);
                assertThat(large.hasRoomFor(stalled)).isFalse();
                assertThatExceptionOfType(NoRoom.class).isThrownBy(() -> read(large, stalled));

                waiting.addAll(take(sixtyFour, 4));
                assertThat(read(large, idle)).isEqualTo(SendQueue.CERTAIN);
                assertThat(large.hasRoomFor(stalled)).isFalse();

                waiting.forEach(ByteBuf::release);
                assertThat(large.hasRoomFor(stalled)).isTrue();
            } finally {
                loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync(); // before its peers, who would reset
            }
        }
    }

    private static Channel connect(EventLoopGroup loops, ServerSocket peers) throws InterruptedException {
        return new Bootstrap()
                .group(loops)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(peers.getLocalSocketAddress())
                .sync()
                .channel();
    }

    private static List<ByteBuf> take(WaitingRoom room, int blocks) {
        return new ArrayList<>(Stream.generate(room::take).limit(blocks).toList());
    }

    private static int read(ReadBuffer reads, Channel channel) {
        reads.reset(channel.config());
        ByteBuf bytes = reads.allocate(UnpooledByteBufAllocator.DEFAULT);
        bytes.release();
        return bytes.writableBytes();
    }

    private ByteBuf read() {
        return reads.allocate(UnpooledByteBufAllocator.DEFAULT);
    }
}
