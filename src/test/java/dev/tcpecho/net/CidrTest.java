package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, ::1, false",
        "0.0.0.0/0, 192.0.2.1, true",
        "0.0.0.0/0, fd00::1, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe80::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 192.0.2.1, false",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::ffff:10.0.0.0/104, 10.1.2.3, true",
        "::1, ::1, true"
    })
    void containsTheAddressesOfItsPrefix(String network, String address, boolean contains) throws UnknownHostException {
        assertThat(Cidr.of(network).contains(InetAddress.getByName(address))).isEqualTo(contains);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.300/8",
                "10.0.0/8",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "10.0.0.0/+8",
                "/8",
                "",
                " ",
                "*",
                "localhost",
                "fd00::/129",
                "fd00:::/8",
                "fe80::1%eth0",
                "10.0.0.1/8",
                "fd00::1/8"
            })
    void refusesWhatIsNoNetwork(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.of(text)).withMessageContaining(text);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/8, 10.0.0.0/8", "192.0.2.7, 192.0.2.7/32", "FD00:0::/8, fd00::/8"})
    void isWrittenInOneWay(String text, String canonical) {
        assertThat(Cidr.of(text)).hasToString(canonical).isEqualTo(Cidr.of(canonical));
    }
}
