package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.option.OptionValue;
import dev.tcpecho.option.SocketOption;
import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Urgent data (MSG_OOB) is bytes like any other: unless told so, the kernel takes it out of the stream. */
class UrgentDataTest {
    private static final int ROUNDS = 50;

    @ParameterizedTest
    @EnumSource
    void comesBackInItsPlace(Transports transport) throws IOException {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream")) {
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            try (Peer peer = echo.connect()) {
                for (int round = 0; round < ROUNDS; round++) {
                    byte[] before = new byte[10];
                    Arrays.fill(before, (byte) ('a' + round % 26));
                    peer.send(before);
                    peer.socket().sendUrgentData('!');
                    sent.writeBytes(before);
                    sent.write('!');
                    if (round % 3 == 0) {
                        peer.expect(sent.toByteArray());
                        sent.reset();
                    }
                }
                peer.fin();
                assertThat(peer.readUntilFin()).isEqualTo(sent.toByteArray());
            }
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(ROUNDS * 11L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUrgentByteThatCameFirstIsTheOnesReply(Transports transport) throws IOException {
        try (RunningEcho echo = RunningEcho.start(transport);
                Peer peer = echo.connect()) {
            peer.socket().sendUrgentData('!');
            peer.expect("!").fin().expectFin();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theReportShowsThatItIsOn(Transports transport) {
        try (RunningEcho echo = RunningEcho.start(transport)) {
            assertThat(echo.listener().accepted())
                    .filteredOn(reading -> reading.option() == SocketOption.SO_OOBINLINE)
                    .singleElement()
                    .satisfies(reading -> assertThat(reading.effective()).isEqualTo(OptionValue.of(true)));
        }
    }
}
