package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7, 0",
        "192.0.2.7:4711, 192.0.2.7, 4711",
        "::1, 0:0:0:0:0:0:0:1, 0",
        "[::1]:4711, 0:0:0:0:0:0:0:1, 4711",
        "[fe80::1%eth0]:4711, fe80:0:0:0:0:0:0:1, 4711",
        "[::ffff:192.0.2.7]:1, 192.0.2.7, 1"
    })
    void readsAddressesWithAndWithoutPort(String text, String address, int port) {
        PeerAddress parsed = PeerAddress.parse(text).orElseThrow();
        assertThat(parsed.address().getHostAddress()).isEqualTo(address);
        assertThat(parsed.port()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "localhost:80",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.2.3.4:0",
                "1.2.3.4:65536",
                "1.2.3.4:x",
                "1.2.3.4:",
                "[1.2.3.4",
                "[]:1",
                ":::1",
                "[::1]:99999",
                "1.2.3.4:-1",
                "::1:2:3:4:5:6:7:8:9"
            })
    void whatIsNoAddressIsNone(String text) {
        assertThat(PeerAddress.parse(text)).isEmpty();
    }
}
