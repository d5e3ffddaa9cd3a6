package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
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

    private ByteBuf read() {
        return reads.allocate(UnpooledByteBufAllocator.DEFAULT);
    }
}
