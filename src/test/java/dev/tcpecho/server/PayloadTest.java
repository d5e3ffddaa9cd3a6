package dev.tcpecho.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tcpecho.testing.Peer;
import dev.tcpecho.testing.RunningEcho;
import dev.tcpecho.testing.Transports;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is in the bytes, and how they are cut, changes nothing. */
class PayloadTest {
    private static final int MILLION = 1_000_000;

    @ParameterizedTest
    @EnumSource
    void returnsALongStreamWhole(Transports transport) {
        byte[] bytes = random(32 << 20);
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream");
                Peer peer = echo.connect()) {
            CompletableFuture<Void> sending = peer.sendingAndFin(bytes);
            peer.expect(bytes).expectFin();
            sending.join();
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(bytes.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void returnsEveryByteValueUnchanged(Transports transport) {
        byte[] bytes = new byte[1024];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        echoes(transport, bytes);
    }

    @ParameterizedTest
    @EnumSource
    void interpretsNothing(Transports transport) {
        echoes(
                transport,
                "%s %n {} ${jndi:ldap://x/y} \u001b[31mred\u001b[0m\r\n12:00:00.000 ERROR [main] forged\0\ufffe"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void takesOtherProtocolsForBytes(Transports transport) {
        byte[] tlsHello = {0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x03};
        echoes(transport, tlsHello);
        echoes(transport, "GET / HTTP/1.1\r\nHost: echo\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        echoes(transport, "SSH-2.0-OpenSSH_9.9\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static void echoes(Transports transport, byte[] bytes) {
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream");
                Peer peer = echo.connect()) {
            peer.send(bytes).fin().expect(bytes).expectFin();
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(bytes.length);
        }
        try (RunningEcho echo = RunningEcho.start(transport, "echo.read-limit=2048");
                Peer peer = echo.connect()) {
            peer.send(bytes).expect(bytes).expectFin().close();
            echo.expectClosed(CloseReason.COMPLETE, 1).expectEchoed(bytes.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void returnsAMillionSingleByteSegmentsWithOneFlushPerReadCycle(Transports transport) {
        byte[] bytes = random(MILLION);
        try (RunningEcho echo = RunningEcho.start(transport, "echo.mode=stream");
                Peer peer = echo.connect()) {
            FlushCount count = new FlushCount();
            OpenConnections.addFirst(OpenConnections.of(echo, peer), count);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendOneByOne(peer, bytes));
            peer.expect(bytes).expectFin();
            sending.join();
            echo.expectClosed(CloseReason.PEER_FIN, 1).expectEchoed(MILLION);
            assertThat(count.flushes).isLessThanOrEqualTo(count.readCycles + 1); // and one at the FIN
        }
    }

    private static void sendOneByOne(Peer peer, byte[] bytes) {
        try {
            OutputStream out = peer.socket().getOutputStream();
            for (byte each : bytes) {
                out.write(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        peer.fin();
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    /** Written on the event loop, read when the connection is closed. */
    private static final class FlushCount extends ChannelDuplexHandler {
        volatile int flushes;
        volatile int readCycles;

        @Override
        public void flush(ChannelHandlerContext context) {
            flushes = flushes + 1;
            context.flush();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            readCycles = readCycles + 1;
            context.fireChannelReadComplete();
        }
    }
}
