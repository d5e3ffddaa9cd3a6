package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.TlsBuckets;
import dev.tcpecho.testing.TlsPeer;
import dev.tcpecho.testing.Transports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records of TLS that come in pieces, which wait in memory that is counted. */
class TlsRecordTest {
    private static final String[] CONFIG = {"echo.tls-configuration-name=echo", "echo.mode=stream"};

    @TempDir
    private static Path directory;

    private static Path server;

    @BeforeAll
    static void makeKeys() {
        server = TlsBuckets.selfSigned(directory, "server");
    }

    /** In random parts, so that a record crosses every kind of block at every place. */
    @ParameterizedTest
    @EnumSource
    void comesBackWholeHoweverItWasCut(Transports transport) throws IOException {
        Random random = new Random(17);
        try (RunningEcho echo = start(transport, Duration.ofSeconds(20));
                TlsPeer peer = connect(echo)) {
            for (int size : new int[] {1, 4000, 4096, 16_300, 16_300, 5000, 100, 16_000}) {
                byte[] bytes = new byte[size];
                random.nextBytes(bytes);
                ByteBuffer record = peer.record(bytes);
                while (record.hasRemaining()) {
                    int part = Math.min(record.remaining(), 1 + random.nextInt(2000));
                    peer.send(record.slice(record.position(), part));
                    record.position(record.position() + part);
                }
                assertThat(peer.read(size)).isEqualTo(bytes);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void comeBackInOrderWhenThousandsOfSmallOnesCameAtOnce(Transports transport) throws IOException {
        try (RunningEcho echo = start(transport, Duration.ofSeconds(20));
                TlsPeer peer = connect(echo)) {
            ByteBuffer records = ByteBuffer.allocate(200_000);
            byte[] bytes = new byte[3000];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) i;
                records.put(peer.record(new byte[] {bytes[i]}));
            }
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(peer, records.flip()));
            assertThat(peer.read(bytes.length)).isEqualTo(bytes);
            sent.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void holdsNoMemoryForEverWhenTheRestDoesNotCome(Transports transport) throws IOException {
        try (RunningEcho echo = start(transport, Duration.ofMillis(1500));
                TlsPeer peer = connect(echo)) {
            peer.send(peer.record(new byte[9000]).limit(8000));
            assertThatThrownBy(() -> peer.read(1)).isInstanceOf(IOException.class);
            echo.expectClosed(CloseReason.TLS_ERROR, 1);
        }
    }

    /** Between records a peer may be silent for as long as it likes. */
    @ParameterizedTest
    @EnumSource
    void isNotWaitedForWhileNoneWasBegun(Transports transport) throws IOException {
        Duration handshake = Duration.ofMillis(1500);
        try (RunningEcho echo = start(transport, handshake);
                TlsPeer peer = connect(echo)) {
            ByteBuffer record = peer.record(new byte[9000]);
            peer.send(record.slice(0, 8000)).send(record.slice(8000, record.limit() - 8000));
            assertThat(peer.read(9000)).isEqualTo(new byte[9000]);
            await().during(handshake.multipliedBy(2))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> echo.traffic().active() == 1);
            assertThat(peer.send(peer.record(new byte[] {7})).read(1)).isEqualTo(new byte[] {7});
        }
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedWhenItIsLongerThanAnyMayBe(Transports transport) throws IOException {
        try (RunningEcho echo = start(transport, Duration.ofSeconds(20));
                TlsPeer peer = connect(echo)) {
            byte[] bytes = new byte[60_000];
            System.arraycopy(new byte[] {23, 3, 3, -1, -1}, 0, bytes, 0, 5);
            assertThatThrownBy(() -> peer.send(ByteBuffer.wrap(bytes)).read(1)).isInstanceOf(IOException.class);
            echo.expectClosed(CloseReason.TLS_ERROR, 1);
        }
    }

    private static void send(TlsPeer peer, ByteBuffer bytes) {
        try {
            peer.send(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TlsPeer connect(RunningEcho echo) throws IOException {
        return TlsPeer.connect(echo.address(), TlsBuckets.context(null, server));
    }

    private static RunningEcho start(Transports transport, Duration handshake) {
        return RunningEcho.start(transport, new TlsBuckets().with("echo", server, null, handshake), CONFIG);
    }
}
