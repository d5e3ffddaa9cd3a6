package dev.tcpecho.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The headers of a SYN, from kernels, from the standards' figures, and from nowhere. */
class SavedSynTest {
    private static final String NO_OPTIONS = "";

    private static ByteBuffer hex(String... parts) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(String.join("", parts).replaceAll("\\s", "")));
    }

    private static String ipv4(int trafficClass, int ttl) {
        return "45 %02x 003c 1234 4000 %02x 06 0000 7f000001 7f000001".formatted(trafficClass, ttl);
    }

    private static String ipv6(int trafficClass, int hopLimit, int next) {
        return "6%01x %01x00000 0028 %02x %02x ".formatted(trafficClass >> 4, trafficClass & 0xf, next, hopLimit)
                + "00000000000000000000000000000001".repeat(2);
    }

    private static String tcp(int flags, int window, String options) {
        int words = 5 + options.replace(" ", "").length() / 8;
        return "d431 22b8 00000001 00000000 %x0 %02x %04x 0000 0000".formatted(words, flags, window) + options;
    }

    /** As Linux sends it on the loop-back interface. */
    @Example
    void readsTheSynOfLinux() {
        SavedSyn syn = SavedSyn.parse(
                        hex(ipv4(0, 64), tcp(0x02, 65495, "0204ffd7 0402080a 00000001 00000000 01030307")))
                .orElseThrow();
        assertThat(syn.mss()).hasValue(65495);
        assertThat(syn.windowScale()).hasValue(7);
        assertThat(syn.sackPermitted()).isTrue();
        assertThat(syn.timestamps()).isTrue();
        assertThat(syn.window()).isEqualTo(65495);
        assertThat(syn.ttl()).isEqualTo(64);
        assertThat(syn.hops()).isZero();
        assertThat(syn.dscp()).isZero();
        assertThat(syn.ecn()).isFalse();
        assertThat(syn.mptcp()).isFalse();
        assertThat(syn.fastOpen()).isEqualTo(SavedSyn.FastOpen.NONE);
        assertThat(syn.unknownOptions()).isEmpty();
        assertThat(syn.malformed()).isFalse();
    }

    @Example
    void readsWhatThePathMade() {
        SavedSyn syn = SavedSyn.parse(hex(ipv4(0xb8, 113), tcp(0xc2, 1024, "020404b0 4c040102 fd06abcd 0000 0101")))
                .orElseThrow();
        assertThat(syn.dscp()).isEqualTo(46);
        assertThat(syn.hops()).isEqualTo(15);
        assertThat(syn.ecn()).isTrue();
        assertThat(syn.mss()).hasValue(1200);
        assertThat(syn.windowScale()).isEmpty();
        assertThat(syn.unknownOptions()).containsExactly(0x4c, 0xfd);
    }

    @Example
    void readsFastOpenAndMultipath() {
        assertThat(fastOpen("2202 0101")).isEqualTo(SavedSyn.FastOpen.ASKED);
        assertThat(fastOpen("220a 0011223344556677 0101")).isEqualTo(SavedSyn.FastOpen.USED);
        assertThat(fastOpen("fe04f989")).isEqualTo(SavedSyn.FastOpen.ASKED);
        assertThat(fastOpen("fe08f989 00112233")).isEqualTo(SavedSyn.FastOpen.USED);
        assertThat(syn("1e04 0181").mptcp()).isTrue();
        assertThat(syn("1e0c 1101 00000000 00000000").mptcp()).as("MP_JOIN").isFalse();
    }

    private static SavedSyn syn(String options) {
        return SavedSyn.parse(hex(ipv4(0, 64), tcp(0x02, 1, options))).orElseThrow();
    }

    private static SavedSyn.FastOpen fastOpen(String options) {
        return syn(options).fastOpen();
    }

    @Example
    void findsTcpBehindExtensionHeadersOfIpv6() {
        String hopByHop = "3c00 0104 00000000";
        String destination = "3301 0104 00000000 00000000 00000000";
        String authentication = "0601 0000 00000000 00000000";
        SavedSyn syn = SavedSyn.parse(
                        hex(ipv6(0x2e, 250, 0), hopByHop, destination, authentication, tcp(0x02, 9, "020405a0")))
                .orElseThrow();
        assertThat(syn.mss()).isEqualTo(OptionalInt.of(1440));
        assertThat(syn.ttl()).isEqualTo(250);
        assertThat(syn.hops()).isEqualTo(5);
        assertThat(syn.dscp()).isEqualTo(11);
    }

    @Example
    void whatIsCutOrNoSynIsNone() {
        assertThat(SavedSyn.parse(ByteBuffer.allocate(0))).isEmpty();
        assertThat(SavedSyn.parse(ByteBuffer.allocate(SavedSyn.LONGEST)))
                .as("SYN cookies")
                .isEmpty();
        assertThat(SavedSyn.parse(hex(ipv4(0, 64)))).isEmpty();
        assertThat(SavedSyn.parse(hex(ipv4(0, 64), tcp(0x10, 1, NO_OPTIONS))))
                .as("an ACK")
                .isEmpty();
        assertThat(SavedSyn.parse(hex(ipv6(0, 64, 17), tcp(0x02, 1, NO_OPTIONS))))
                .as("UDP")
                .isEmpty();
    }

    @Example
    void saysThatAnOptionIsMalformed() {
        assertThat(syn("0200 0000").malformed()).isTrue();
        assertThat(syn("02ff 0000").malformed()).isTrue();
        assertThat(syn("01010102").malformed()).isTrue();
        assertThat(syn("0203ff01").malformed()).isTrue();
        assertThat(syn("0203ff01").mss()).isEmpty();
        assertThat(syn("02040200 01010100").malformed()).isFalse();
    }

    @Property(tries = 5_000)
    void bytesOfAnyKindBreakNothing(@ForAll @Size(max = 160) byte[] bytes) {
        SavedSyn.parse(ByteBuffer.wrap(bytes)).ifPresent(SavedSynTest::isPlausible);
    }

    @Property(tries = 5_000)
    void headersWithAnyOptionsBreakNothing(
            @ForAll boolean ipv6,
            @ForAll @IntRange(max = 255) int next,
            @ForAll @IntRange(max = 15) int words,
            @ForAll @Size(max = 120) byte[] rest) {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        raw.writeBytes(hex(ipv6 ? ipv6(0, 64, next) : ipv4(0, 64)).array());
        byte[] tcp = hex(tcp(0x02, 1, NO_OPTIONS)).array();
        tcp[12] = (byte) (words << 4);
        raw.writeBytes(tcp);
        raw.writeBytes(rest);
        Optional<SavedSyn> syn = SavedSyn.parse(ByteBuffer.wrap(raw.toByteArray()));
        if (!ipv6) {
            assertThat(syn.isPresent()).isEqualTo(words >= 5);
        }
        syn.ifPresent(SavedSynTest::isPlausible);
    }

    private static void isPlausible(SavedSyn syn) {
        assertThat(syn.hops()).isBetween(0, 254);
        assertThat(syn.dscp()).isBetween(0, 63);
        assertThat(syn.unknownOptions()).doesNotHaveDuplicates().allMatch(kind -> kind > 1 && kind < 256);
        syn.mss().ifPresent(mss -> assertThat(mss).isBetween(0, 65535));
    }
}
