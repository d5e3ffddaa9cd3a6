package dev.tcpecho.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyHeaderTest {
    @ParameterizedTest
    @CsvSource({
        "v1, 10.1.2.3, 10.4.5.6, TCP4",
        "v2, 10.1.2.3, 10.4.5.6, TCP4",
        "v1, 2001:db8:0:0:0:0:0:1, fe80:0:0:0:0:0:0:2, TCP6",
        "v2, 2001:db8:0:0:0:0:0:1, fe80:0:0:0:0:0:0:2, TCP6"
    })
    void isReadByNettyAsWhatWasMeant(String version, String source, String destination, HAProxyProxiedProtocol protocol)
            throws UsageError, UnknownHostException {
        byte[] header = ProxyHeader.parse(version)
                .of(
                        new InetSocketAddress(InetAddress.getByName(source), 65535),
                        new InetSocketAddress(InetAddress.getByName(destination), 1));
        EmbeddedChannel channel = new EmbeddedChannel(new HAProxyMessageDecoder());
        channel.writeInbound(Unpooled.wrappedBuffer(header));
        HAProxyMessage read = channel.readInbound();
        try {
            assertThat(read.protocolVersion()).hasToString(version.toUpperCase(Locale.ROOT));
            assertThat(read.proxiedProtocol()).isEqualTo(protocol);
            assertThat(read.sourceAddress()).isEqualTo(source);
            assertThat(read.destinationAddress()).isEqualTo(destination);
            assertThat(read.sourcePort()).isEqualTo(65535);
            assertThat(read.destinationPort()).isOne();
        } finally {
            read.release();
            channel.finishAndReleaseAll();
        }
    }
}
