package dev.tcpecho.server;

import io.netty.buffer.ByteBuf;

/** Bytes of a peer as a log may show them: printable ASCII, everything else escaped, cut to a bound. */
final class PeerBytes {
    private static final int MOST = 100;
    private static final String HEX = "0123456789abcdef";

    private PeerBytes() {}

    /** Such as {@code b'hello\n'}, in the manner of Python's bytes; never a line break, never a control character. */
    static String escaped(ByteBuf bytes) {
        int shown = Math.min(MOST, bytes.readableBytes());
        StringBuilder text = new StringBuilder(shown + 16).append("b'");
        for (int i = 0; i < shown; i++) {
            append(text, bytes.getByte(bytes.readerIndex() + i));
        }
        text.append('\'');
        int more = bytes.readableBytes() - shown;
        return more == 0
                ? text.toString()
                : text.append("... (").append(more).append(" more bytes)").toString();
    }

    private static void append(StringBuilder text, byte value) {
        switch (value) {
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            case '\\' -> text.append("\\\\");
            case '\'' -> text.append("\\'");
            default -> {
                if (value >= ' ' && value <= '~') {
                    text.append((char) value);
                } else {
                    text.append("\\x").append(HEX.charAt(value >> 4 & 15)).append(HEX.charAt(value & 15));
                }
            }
        }
    }
}
