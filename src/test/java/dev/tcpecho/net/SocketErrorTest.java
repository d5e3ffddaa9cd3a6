package dev.tcpecho.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers and types decide; the words are those of the machine's language. */
class SocketErrorTest {
    @EnabledOnOs(OS.LINUX)
    @ParameterizedTest
    @ValueSource(ints = {100, 101, 110, 112, 113})
    void knowsByItsNumberThatNoWayLeadsToThePeer(int errno) {
        assumeTrue(io.netty.channel.epoll.Epoll.isAvailable(), "skipped: the natives know the numbers");
        assertThat(SocketError.ofRead(kernel(errno))).isEqualTo(SocketError.OUT_OF_REACH);
        assertThat(SocketError.ofWrite(kernel(errno))).isEqualTo(SocketError.OUT_OF_REACH);
    }

    @EnabledOnOs(OS.LINUX)
    @ParameterizedTest
    @ValueSource(ints = {32, 103, 104})
    void knowsByItsNumberThatThePeerIsGone(int errno) {
        assumeTrue(io.netty.channel.epoll.Epoll.isAvailable(), "skipped: the natives know the numbers");
        assertThat(SocketError.ofRead(kernel(errno))).isEqualTo(SocketError.PEER_GONE);
        assertThat(SocketError.ofWrite(kernel(errno))).isEqualTo(SocketError.PEER_GONE);
    }

    /** The connection is whole, so neither the peer nor the way to it is to blame. */
    @EnabledOnOs(OS.LINUX)
    @ParameterizedTest
    @ValueSource(ints = {5, 12, 14, 105})
    void knowsByItsNumberThatThisMachineFailed(int errno) {
        assumeTrue(io.netty.channel.epoll.Epoll.isAvailable(), "skipped: the natives know the numbers");
        assertThat(SocketError.ofRead(kernel(errno))).isEqualTo(SocketError.OURS);
        assertThat(SocketError.ofWrite(kernel(errno))).isEqualTo(SocketError.OURS);
    }

    /** ENOTCONN of shutdown(), between the peer's reset and our FIN. */
    @Test
    void takesAConnectionThatIsNoLongerOneForThePeersEnd() {
        assertThat(SocketError.ofWrite(new NotYetConnectedException())).isEqualTo(SocketError.PEER_GONE);
        assertThat(SocketError.ofWrite(new ClosedChannelException())).isEqualTo(SocketError.PEER_GONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Connection timed out", "Die Wartezeit für die Verbindung ist abgelaufen", "接続がタイムアウトしました", ""})
    void readsTheTypesOfTheJdkAndNoWords(String words) {
        assertThat(SocketError.ofRead(new IOException(words))).isEqualTo(SocketError.UNTOLD);
        assertThat(SocketError.ofRead(new SocketException(words))).isEqualTo(SocketError.PEER_GONE);
        assertThat(SocketError.ofWrite(new IOException(words))).isEqualTo(SocketError.PEER_GONE);
    }

    @Test
    void takesEverythingElseForAFailureOfOurs() {
        assertThat(SocketError.ofRead(new IllegalStateException("Connection timed out")))
                .isEqualTo(SocketError.OURS);
        assertThat(SocketError.ofWrite(new NullPointerException())).isEqualTo(SocketError.OURS);
    }

    private static Errors.NativeIoException kernel(int errno) {
        return new Errors.NativeIoException("read", -errno);
    }
}
