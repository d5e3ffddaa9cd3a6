package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class ReadBufferTest {
    private final ReadBuffer reads = new ReadBuffer(1000, 10, 500);

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
    void readsLittleWhileSlowReadersHoldMoreThanTheLimit() {
        reads.waiting(501);
        ByteBuf little = read();
        assertThat(little.writableBytes()).isEqualTo(10);
        little.release();
        reads.waiting(-1);
        assertThat(read().writableBytes()).isEqualTo(1000);
    }

    private ByteBuf read() {
        return reads.allocate(UnpooledByteBufAllocator.DEFAULT);
    }
}
