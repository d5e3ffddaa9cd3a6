package dev.tcpecho.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * TLS in front of the connections of a listener, with the JDK's engine. TLS 1.3 has a half-close: the peer's
 * close_notify is the end of its input, and what is owed still goes out (RFC 8446, 6.1). TLS 1.2 has none (RFC 5246,
 * 7.2.1): the engine answers at once, behind what it had encrypted until then.
 *
 * @param context asked for each handshake, so that a renewed certificate is seen by the next
 * @param protocols enabled; empty leaves the JDK's
 * @param ciphers enabled suites; empty leaves the JDK's
 * @param handshakeTimeout also of one record, once it is begun
 * @param told of each handshake's end, with the channel, on its event loop
 */
public record TlsEntrance(
        Supplier<SSLContext> context,
        TlsClientAuth clientAuth,
        Set<String> protocols,
        Set<String> ciphers,
        Duration handshakeTimeout,
        BiConsumer<TlsOutcome, Channel> told) {

    /** From the wire inwards. */
    public List<Function<Channel, ChannelHandler>> steps() {
        return List.of(
                accepted -> new TlsWire(reads(accepted).room(), handshakeTimeout),
                this::engine,
                accepted -> new TlsEnds(told));
    }

    private static BlockReads reads(Channel accepted) {
        return accepted.config().getRecvByteBufAllocator();
    }

    private ChannelHandler engine(Channel accepted) {
        SSLEngine engine = context.get().createSSLEngine();
        engine.setUseClientMode(false);
        if (!protocols.isEmpty()) {
            engine.setEnabledProtocols(protocols.toArray(String[]::new));
        }
        if (!ciphers.isEmpty()) {
            engine.setEnabledCipherSuites(ciphers.toArray(String[]::new));
        }
        clientAuth.apply(engine);
        engine.setHandshakeApplicationProtocolSelector((asked, offered) -> {
            accepted.attr(TlsEnds.OFFERED).set(List.copyOf(offered));
            return offered.get(0); // an echo speaks whatever its client does
        });
        TlsEngine handler = new TlsEngine(engine, reads(accepted).room());
        accepted.config().setRecvByteBufAllocator(reads(accepted).gatedBy(handler::hasRoom));
        handler.setHandshakeTimeout(handshakeTimeout.toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }
}
