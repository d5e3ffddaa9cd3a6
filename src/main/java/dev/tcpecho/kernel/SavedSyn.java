package dev.tcpecho.kernel;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the SYN of a client said when it arrived here: the IP and TCP headers that TCP_SAVED_SYN hands out (RFC 791,
 * 8200, 9293). Whatever stood between may have changed it, which is what makes it worth a look.
 *
 * @param ttl time to live, or hop limit, as it arrived
 * @param dscp the upper six bits of the traffic class
 * @param ecn the client offers ECN (RFC 3168: ECE and CWR)
 * @param window the first window, never scaled
 * @param mss empty when the SYN has none: 536 (IPv4) and 1220 (IPv6) hold then
 * @param windowScale empty when the client does not scale
 * @param mptcp the client offers Multipath TCP (RFC 8684: MP_CAPABLE)
 * @param unknownOptions option kinds that are none of the above, in order, each once
 * @param malformed the options end in the middle of one, or one has an impossible length
 */
public record SavedSyn(
        int ttl,
        int dscp,
        boolean ecn,
        int window,
        OptionalInt mss,
        OptionalInt windowScale,
        boolean sackPermitted,
        boolean timestamps,
        boolean mptcp,
        FastOpen fastOpen,
        List<Integer> unknownOptions,
        boolean malformed) {

    /** Level and number of the option of a connection, and as much as can come: both headers with all their options. */
    public static final int LEVEL = 6;

    public static final int NUMBER = 28;
    public static final int LONGEST = 512;

    /** TCP Fast Open (RFC 7413). */
    public enum FastOpen {
        NONE,
        /** The client asked for a cookie. */
        ASKED,
        /** It came with one. */
        USED
    }

    private static final int IPV4_SHORTEST = 20;
    private static final int IPV6_LENGTH = 40;
    private static final int TCP_SHORTEST = 20;
    private static final int PROTOCOL_TCP = 6;

    /** The usual first values, of Linux and macOS, of Windows, of routers. */
    private static final int[] FIRST_TTLS = {64, 128, 255};

    /**
     * Nothing of it is trusted: what is no SYN in IPv4 or IPv6, or is cut, is empty.
     *
     * @param raw from the first byte of the IP header on; what follows the TCP header is not looked at
     */
    public static Optional<SavedSyn> parse(ByteBuffer raw) {
        try {
            return parse(raw.duplicate().order(ByteOrder.BIG_ENDIAN), raw.get(raw.position()) >> 4 & 0xf);
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static Optional<SavedSyn> parse(ByteBuffer raw, int version) {
        int start = raw.position();
        int tcp;
        int ttl;
        int trafficClass;
        if (version == 4) {
            int length = (raw.get(start) & 0xf) * 4;
            if (length < IPV4_SHORTEST || raw.get(start + 9) != PROTOCOL_TCP) {
                return Optional.empty();
            }
            tcp = start + length;
            ttl = unsigned(raw, start + 8);
            trafficClass = unsigned(raw, start + 1);
        } else if (version == 6) {
            tcp = afterExtensions(raw, start);
            ttl = unsigned(raw, start + 7);
            trafficClass = raw.getShort(start) >> 4 & 0xff;
        } else {
            return Optional.empty();
        }
        return tcp < 0 ? Optional.empty() : parseTcp(raw, tcp, ttl, trafficClass);
    }

    /** Where the TCP header begins; negative where there is none. */
    private static int afterExtensions(ByteBuffer raw, int start) {
        int next = unsigned(raw, start + 6);
        int at = start + IPV6_LENGTH;
        while (next != PROTOCOL_TCP) {
            int length =
                    switch (next) {
                        // Hop-by-hop, routing, destination, mobility, HIP, shim6: in units of eight bytes.
                        case 0, 43, 60, 135, 139, 140 -> (unsigned(raw, at + 1) + 1) * 8;
                        case 44 -> 8;
                        case 51 -> (unsigned(raw, at + 1) + 2) * 4;
                        default -> -1;
                    };
            if (length < 0) {
                return -1;
            }
            next = unsigned(raw, at);
            at += length;
        }
        return at;
    }

    private static Optional<SavedSyn> parseTcp(ByteBuffer raw, int tcp, int ttl, int trafficClass) {
        int length = (unsigned(raw, tcp + 12) >> 4) * 4;
        int flags = unsigned(raw, tcp + 13);
        if (length < TCP_SHORTEST || (flags & Flags.SYN) == 0 || tcp + TCP_SHORTEST > raw.limit()) {
            return Optional.empty();
        }
        SynOptions options = new SynOptions();
        options.read(raw, tcp + TCP_SHORTEST, Math.min(tcp + length, raw.limit()));
        return Optional.of(new SavedSyn(
                ttl,
                trafficClass >> 2,
                (flags & Flags.ECE) != 0 && (flags & Flags.CWR) != 0,
                Short.toUnsignedInt(raw.getShort(tcp + 14)),
                options.mss(),
                options.windowScale(),
                options.sackPermitted(),
                options.timestamps(),
                options.mptcp(),
                options.fastOpen(),
                options.unknown(),
                options.isMalformed() || tcp + length > raw.limit()));
    }

    /** How far it came, if it set out with one of the usual values: a guess. */
    public int hops() {
        for (int first : FIRST_TTLS) {
            if (ttl <= first) {
                return first - ttl;
            }
        }
        throw new IllegalStateException("a byte of " + ttl);
    }

    static int unsigned(ByteBuffer raw, int at) {
        return Byte.toUnsignedInt(raw.get(at));
    }

    private static final class Flags {
        static final int SYN = 0x02;
        static final int ECE = 0x40;
        static final int CWR = 0x80;
    }
}
