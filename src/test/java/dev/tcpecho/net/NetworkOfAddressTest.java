package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class NetworkOfAddressTest {
    @Test
    void takesANetworkOf64BitsForOneAddressOfIpv6() throws UnknownHostException {
        assertThat(key("2001:db8:1:2::1")).isEqualTo(key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assertThat(key("2001:db8:1:2::1")).isNotEqualTo(key("2001:db8:1:3::1"));
    }

    @Test
    void tellsIpv4AddressesApart() throws UnknownHostException {
        assertThat(key("192.0.2.1")).isNotEqualTo(key("192.0.2.2"));
        assertThat(key("192.0.2.1")).isNotEqualTo(key("::1"));
    }

    @Test
    void knowsAnIpv4AddressThatADualStackSocketShowsAsIpv6() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        System.arraycopy(InetAddress.getByName("192.0.2.1").getAddress(), 0, mapped, 12, 4);
        assertThat(Addresses.network(Inet6Address.getByAddress(null, mapped, -1)))
                .isEqualTo(key("192.0.2.1"));
    }

    private static long key(String address) throws UnknownHostException {
        return Addresses.network(InetAddress.getByName(address));
    }
}
