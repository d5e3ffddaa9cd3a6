package dev.tcpecho.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.haproxy.HAProxySSLTLV;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One of the type-length-value fields of a version 2 header.
 *
 * @param type 0 to 255
 * @param name registered for the type in the PROXY protocol's section 2.2, or by its vendor; else null
 * @param value printable ASCII as it is, a number in decimal, all else as hexadecimal digits after {@code 0x}
 */
public record ProxyTlv(int type, String name, String value) {
    private static final int SSL = 0x20;
    private static final int AWS = 0xEA;
    private static final int AZURE = 0xEE;
    private static final int GCP = 0xE0;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(0x01, "ALPN"),
            Map.entry(0x02, "AUTHORITY"),
            Map.entry(0x03, "CRC32C"),
            Map.entry(0x04, "NOOP"),
            Map.entry(0x05, "UNIQUE_ID"),
            Map.entry(SSL, "SSL"),
            Map.entry(0x21, "SSL_VERSION"),
            Map.entry(0x22, "SSL_CN"),
            Map.entry(0x23, "SSL_CIPHER"),
            Map.entry(0x24, "SSL_SIG_ALG"),
            Map.entry(0x25, "SSL_KEY_ALG"),
            Map.entry(0x26, "SSL_GROUP"),
            Map.entry(0x27, "SSL_SIG_SCHEME"),
            Map.entry(0x28, "SSL_CLIENT_CERT"),
            Map.entry(0x30, "NETNS"));

    static ProxyTlv of(HAProxyTLV tlv) {
        int type = Byte.toUnsignedInt(tlv.typeByteValue());
        ByteBuf content = tlv.content();
        if (tlv instanceof HAProxySSLTLV ssl) {
            return new ProxyTlv(type, NAMES.get(type), client(ssl));
        }
        int subtype = content.isReadable() ? content.getUnsignedByte(content.readerIndex()) : -1;
        if (type == AWS && subtype == 1) {
            return new ProxyTlv(
                    type, "AWS_VPCE_ID", text(content.slice(content.readerIndex() + 1, content.readableBytes() - 1)));
        }
        if (type == AZURE && subtype == 1 && content.readableBytes() == 1 + Integer.BYTES) {
            return new ProxyTlv(
                    type,
                    "AZURE_PRIVATE_ENDPOINT_LINKID",
                    String.valueOf(content.getUnsignedIntLE(content.readerIndex() + 1)));
        }
        if (type == GCP && content.readableBytes() == Long.BYTES) {
            return new ProxyTlv(
                    type, "GCP_PSC_CONNECTION_ID", Long.toUnsignedString(content.getLong(content.readerIndex())));
        }
        return new ProxyTlv(type, NAMES.get(type), text(content));
    }

    /** The client's bits and the result of the verification, of which 0 is success. */
    private static String client(HAProxySSLTLV ssl) {
        String certificate = ssl.isPP2ClientCertConn()
                ? "certificate on this connection"
                : ssl.isPP2ClientCertSess() ? "certificate in this session" : "no certificate";
        return (ssl.isPP2ClientSSL() ? "TLS" : "no TLS") + ", " + certificate
                + (ssl.verify() == 0 ? ", verified" : ", not verified");
    }

    private static String text(ByteBuf content) {
        int from = content.readerIndex();
        for (int i = from; i < content.writerIndex(); i++) {
            if (content.getByte(i) < ' ' || content.getByte(i) > '~') {
                return "0x" + ByteBufUtil.hexDump(content);
            }
        }
        return content.toString(StandardCharsets.US_ASCII);
    }
}
