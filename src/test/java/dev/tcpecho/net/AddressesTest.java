package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two link-local addresses that differ by their interface alone are two, and are shown as two. */
class AddressesTest {
    private static final byte[] LINK_LOCAL = {(byte) 0xfe, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    @Test
    void theScopeCounts() throws UnknownHostException {
        HostAddress one = HostAddress.of("a", scoped(901), false);
        HostAddress other = HostAddress.of("b", scoped(902), false);
        List<HostAddress> both = new ArrayList<>();
        Addresses.add(both, one);
        Addresses.add(both, other);
        Addresses.add(both, one);
        assertThat(both).containsExactly(one, other);
        assertThat(one.overlaps(other)).isFalse();
        assertThat(one.overlaps(one)).isTrue();
        assertThat(Addresses.hostPort(new InetSocketAddress(one.address(), 7))).isEqualTo("[fe80::1%901]:7");
        assertThat(Addresses.text(other.address())).isEqualTo("fe80::1%902");
    }

    @Test
    void allInterfacesWithoutIpv6IsKnownByItsHost() throws UnknownHostException {
        InetAddress any = InetAddress.getByName("0.0.0.0");
        assertThat(HostAddress.of("::", any, false).isInsteadOfIpv6()).isTrue();
        assertThat(HostAddress.of(Addresses.ALL, any, false).isInsteadOfIpv6()).isTrue();
        assertThat(HostAddress.of("0.0.0.0", any, false).isInsteadOfIpv6()).isFalse();
        assertThat(HostAddress.of("::", InetAddress.getByName("::"), false).isInsteadOfIpv6())
                .isFalse();
    }

    private static InetAddress scoped(int scope) throws UnknownHostException {
        return Inet6Address.getByAddress(null, LINK_LOCAL, scope);
    }
}
