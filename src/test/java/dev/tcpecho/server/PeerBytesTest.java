package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What of a peer's bytes a log shows. */
class PeerBytesTest {
    @Test
    void showsNoLineBreakNoControlCharacterAndNothingBeyondAscii() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        for (int i = 0; i < bytes.length; i += 64) {
            assertThat(PeerBytes.escaped(Unpooled.wrappedBuffer(bytes, i, 64))).matches("[ -~]+");
        }
    }

    @Test
    void showsAForgedLineAsOne() {
        assertThat(PeerBytes.escaped(bytes("x\r\n12:00 ERROR forged\u001b[31m")))
                .isEqualTo("b'x\\r\\n12:00 ERROR forged\\x1b[31m'");
    }

    @Test
    void cutsAtAHundredBytesAndCountsTheRest() {
        assertThat(PeerBytes.escaped(bytes("a".repeat(130))))
                .isEqualTo("b'" + "a".repeat(100) + "'... (30 more bytes)");
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
