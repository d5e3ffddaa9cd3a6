package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.net.OtherListener.Takes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which connections another socket on our port gets, by the two addresses (inet_hashtables.c, compute_score). */
class OtherListenerTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, false, 127.0.0.1, SOME",
        "::, false, ::, SOME",
        "::, false, 0.0.0.0, ALL_IPV4",
        "::, false, 127.0.0.1, ALL_OF_ITS_ADDRESS",
        "::, false, ::1, ALL_OF_ITS_ADDRESS",
        "0.0.0.0, false, ::, WHAT_WE_LEAVE_IF_DUAL",
        "127.0.0.1, false, ::, WHAT_WE_LEAVE_IF_DUAL",
        "0.0.0.0, false, 127.0.0.1, ALL_OF_ITS_ADDRESS",
        "127.0.0.1, false, 0.0.0.0, WHAT_WE_LEAVE",
        "::1, false, ::, WHAT_WE_LEAVE",
        "::, true, 0.0.0.0,",
        "::, true, 127.0.0.1,",
        "127.0.0.1, false, 127.0.0.2,",
        "127.0.0.1, false, ::1,",
        "::1, false, 127.0.0.1,",
        "::1, false, 0.0.0.0,",
    })
    void takes(String ours, boolean v6Only, String other, Takes takes) throws UnknownHostException {
        assertThat(OtherListener.takes(InetAddress.getByName(ours), v6Only, InetAddress.getByName(other)))
                .isEqualTo(Optional.ofNullable(takes));
    }
}
