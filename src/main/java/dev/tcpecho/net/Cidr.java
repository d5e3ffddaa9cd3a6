package dev.tcpecho.net;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;
import org.eclipse.microprofile.config.spi.Converter;

/** A network of IPv4 or IPv6 addresses, such as {@code 10.0.0.0/8}, {@code fd00::/8} or {@code 192.0.2.7}. */
public final class Cidr {
    private static final int MAPPED_BYTES = 12;

    private final byte[] network;
    private final int prefix;

    private Cidr(byte[] network, int prefix) {
        this.network = network;
        this.prefix = prefix;
    }

    /**
     * No name is looked up. An IPv4 network that is written as a part of {@code ::ffff:0:0/96} is that IPv4 network.
     *
     * @throws IllegalArgumentException for what is no address, a prefix beyond it, or bits set behind the prefix
     */
    public static Cidr of(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = address.indexOf('%') < 0 ? NetUtil.createByteArrayFromIpAddressString(address) : null;
        if (bytes == null) {
            throw new IllegalArgumentException(
                    "must be an address or a network such as 10.0.0.0/8 or fd00::/8, not " + text);
        }
        int most = bytes.length * Byte.SIZE;
        String digits = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
        if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > most) {
            throw new IllegalArgumentException("must have a prefix from 0 to " + most + " bits, not " + text);
        }
        int prefix = Integer.parseInt(digits);
        byte[] network = masked(bytes, prefix);
        if (!Arrays.equals(network, bytes)) {
            throw new IllegalArgumentException("must have no bits set behind its prefix: "
                    + NetUtil.bytesToIpAddress(network) + "/" + prefix + ", not " + text);
        }
        return isMapped(network) && prefix >= MAPPED_BYTES * Byte.SIZE
                ? new Cidr(Arrays.copyOfRange(network, MAPPED_BYTES, network.length), prefix - MAPPED_BYTES * Byte.SIZE)
                : new Cidr(network, prefix);
    }

    /** An IPv4 address that came in over IPv6 is an IPv4 address here. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        byte[] plain = isMapped(bytes) ? Arrays.copyOfRange(bytes, MAPPED_BYTES, bytes.length) : bytes;
        return plain.length == network.length && Arrays.equals(masked(plain, prefix), network);
    }

    private static byte[] masked(byte[] address, int prefix) {
        byte[] masked = address.clone();
        for (int bit = prefix; bit < masked.length * Byte.SIZE; bit++) {
            masked[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
        }
        return masked;
    }

    private static boolean isMapped(byte[] address) {
        for (int i = 0; i < MAPPED_BYTES; i++) {
            if (address.length <= MAPPED_BYTES || address[i] != (i < MAPPED_BYTES - 2 ? 0 : (byte) 0xff)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cidr cidr && prefix == cidr.prefix && Arrays.equals(network, cidr.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + prefix;
    }

    @Override
    public String toString() {
        return NetUtil.bytesToIpAddress(network) + "/" + prefix;
    }

    /** For a key, or an element of a list. */
    public static final class Reader implements Converter<Cidr> {
        private static final long serialVersionUID = 1L;

        @Override
        public Cidr convert(String value) {
            return of(value.strip());
        }
    }
}
