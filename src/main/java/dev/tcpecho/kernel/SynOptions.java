package dev.tcpecho.kernel;

import dev.tcpecho.kernel.SavedSyn.FastOpen;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The TCP options of a SYN (RFC 9293 section 3.2): a kind, and but for two of them a length that counts both bytes. */
final class SynOptions {
    private static final int END = 0;
    private static final int NOTHING = 1;
    /** Of the experimental kinds 253 and 254: fast open before it had a number of its own (RFC 7413). */
    private static final int FAST_OPEN_MAGIC = 0xf989;

    private OptionalInt mss = OptionalInt.empty();
    private OptionalInt windowScale = OptionalInt.empty();
    private boolean sackPermitted;
    private boolean timestamps;
    private boolean mptcp;
    private FastOpen fastOpen = FastOpen.NONE;
    private final List<Integer> unknown = new ArrayList<>();
    private boolean malformed;

    OptionalInt mss() {
        return mss;
    }

    OptionalInt windowScale() {
        return windowScale;
    }

    boolean sackPermitted() {
        return sackPermitted;
    }

    boolean timestamps() {
        return timestamps;
    }

    boolean mptcp() {
        return mptcp;
    }

    FastOpen fastOpen() {
        return fastOpen;
    }

    /** Kinds that are none of the others, in order, each once. */
    List<Integer> unknown() {
        return List.copyOf(unknown);
    }

    /** Whether they end in the middle of one, or one has an impossible length. */
    boolean isMalformed() {
        return malformed;
    }

    void read(ByteBuffer raw, int from, int to) {
        int at = from;
        while (at < to && SavedSyn.unsigned(raw, at) != END) {
            int kind = SavedSyn.unsigned(raw, at);
            if (kind == NOTHING) {
                at++;
                continue;
            }
            int length = at + 1 < to ? SavedSyn.unsigned(raw, at + 1) : 0;
            if (length < 2 || at + length > to) {
                malformed = true;
                return;
            }
            if (!take(raw, at, kind, length) && !unknown.contains(kind)) {
                unknown.add(kind);
            }
            at += length;
        }
    }

    /** Whether it is one of those that are known, with a length that it can have. */
    private boolean take(ByteBuffer raw, int at, int kind, int length) {
        switch (kind) {
            case 2 -> mss = length == 4 ? OptionalInt.of(Short.toUnsignedInt(raw.getShort(at + 2))) : mss;
            case 3 -> windowScale = length == 3 ? OptionalInt.of(SavedSyn.unsigned(raw, at + 2)) : windowScale;
            case 4 -> sackPermitted |= length == 2;
            case 8 -> timestamps |= length == 10;
            case 30 -> mptcp |= length > 2 && SavedSyn.unsigned(raw, at + 2) >> 4 == 0;
            case 34 -> fastOpen = length == 2 ? FastOpen.ASKED : FastOpen.USED;
            case 253, 254 -> {
                if (length < 4 || Short.toUnsignedInt(raw.getShort(at + 2)) != FAST_OPEN_MAGIC) {
                    return false;
                }
                fastOpen = length == 4 ? FastOpen.ASKED : FastOpen.USED;
            }
            default -> {
                return false;
            }
        }
        boolean impossible = kind == 2 && length != 4
                || kind == 3 && length != 3
                || kind == 4 && length != 2
                || kind == 8 && length != 10
                || kind == 30 && length < 3;
        malformed |= impossible;
        return true;
    }
}
