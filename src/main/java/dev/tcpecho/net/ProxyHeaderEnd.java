package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** Where the header of the PROXY protocol ends, in both its versions. */
final class ProxyHeaderEnd {
    private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2 = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};

    /** The specification's bound of a version 1 line, its end included. */
    static final int LONGEST_V1 = 107;

    private static final int V2_PREFIX = 16;
    private static final int V2_LENGTH_AT = 14;

    /** Of addresses and fields of version 2: the protocol allows 65535, and no known proxy sends a tenth of it. */
    static final int LONGEST_V2 = 8 << 10;

    /** More bytes will tell. */
    static final int NOT_YET = 0;

    /** The bytes begin with no signature of a header. */
    static final int NO_HEADER = -1;

    /** Longer than the bound of its version. */
    static final int TOO_LONG = -2;

    private ProxyHeaderEnd() {}

    /** Bytes of the header once it is whole, or one of the three answers below zero and at it. */
    static int of(ByteBuf bytes) {
        if (begins(bytes, V2)) {
            if (bytes.readableBytes() < V2_PREFIX) {
                return NOT_YET;
            }
            int length = bytes.getUnsignedShort(bytes.readerIndex() + V2_LENGTH_AT);
            if (length > LONGEST_V2) {
                return TOO_LONG;
            }
            return bytes.readableBytes() < V2_PREFIX + length ? NOT_YET : V2_PREFIX + length;
        }
        if (begins(bytes, V1)) {
            int lineFeed = ByteBufUtil.indexOf(
                    bytes, bytes.readerIndex(), Math.min(bytes.writerIndex(), bytes.readerIndex() + LONGEST_V1), (byte)
                            '\n');
            if (lineFeed >= 0) {
                return lineFeed + 1 - bytes.readerIndex();
            }
            return bytes.readableBytes() < LONGEST_V1 ? NOT_YET : TOO_LONG;
        }
        return NO_HEADER;
    }

    /** Whether a header is the line of version 1. */
    static boolean isLine(ByteBuf header) {
        return header.getByte(header.readerIndex()) == V1[0];
    }

    /** Whether the bytes are the start of the signature, or have it at their start. */
    private static boolean begins(ByteBuf bytes, byte[] signature) {
        int known = Math.min(bytes.readableBytes(), signature.length);
        for (int i = 0; i < known; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != signature[i]) {
                return false;
            }
        }
        return true;
    }
}
