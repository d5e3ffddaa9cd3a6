package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32C;

/**
 * The CRC32C field of a version 2 header, which a receiver that knows it has to verify (section 2.2.3 of the PROXY
 * protocol). Netty's decoder does not look at it.
 */
final class ProxyChecksum {
    private static final int PREFIX = 16;
    private static final int FAMILY_AT = 13;
    private static final int TYPE = 3;
    private static final int FIELD_HEAD = 3;
    private static final int[] ADDRESS_BYTES = {0, 12, 36, 216};

    private ProxyChecksum() {}

    /** Whether a whole header has no such field, or the right one. */
    static boolean isRight(ByteBuf header) {
        int from = header.readerIndex();
        int family = header.getUnsignedByte(from + FAMILY_AT) >> 4;
        int at = from + PREFIX + (family < ADDRESS_BYTES.length ? ADDRESS_BYTES[family] : 0);
        while (at + FIELD_HEAD <= header.writerIndex()) {
            int length = header.getUnsignedShort(at + 1);
            int value = at + FIELD_HEAD;
            if (value + length > header.writerIndex()) {
                return true; // malformed, as the decoder will find
            }
            if (header.getByte(at) == TYPE) {
                return length == Integer.BYTES && header.getUnsignedInt(value) == computed(header, value);
            }
            at = value + length;
        }
        return true;
    }

    /** Over the whole header, with zeroes in place of the sum itself. */
    private static long computed(ByteBuf header, int sumAt) {
        CRC32C sum = new CRC32C();
        for (int i = header.readerIndex(); i < header.writerIndex(); i++) {
            sum.update(i >= sumAt && i < sumAt + Integer.BYTES ? 0 : header.getByte(i));
        }
        return sum.getValue();
    }
}
