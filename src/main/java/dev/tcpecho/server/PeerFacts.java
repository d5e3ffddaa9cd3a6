package dev.tcpecho.server;

import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.ProxyHeader;
import dev.tcpecho.net.TlsSession;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What a peer told before its bytes, as JSON; the order of the fields is part of the contract. */
final class PeerFacts {
    private PeerFacts() {}

    static JsonObject json(ProxyHeader header) {
        JsonArray tlvs = new JsonArray();
        header.tlvs()
                .forEach(tlv -> tlvs.add(new JsonObject()
                        .put("type", tlv.type())
                        .put("name", tlv.name())
                        .put("value", tlv.value())));
        return new JsonObject()
                .put("version", header.version())
                .put("local", header.local())
                .put("source", header.source().map(Addresses::hostPort).orElse(null))
                .put(
                        "destination",
                        header.destination().map(Addresses::hostPort).orElse(null))
                .put("tlvs", tlvs);
    }

    static JsonObject json(TlsSession session) {
        return new JsonObject()
                .put("protocol", session.protocol())
                .put("cipher", session.cipher())
                .put("serverName", session.serverName().orElse(null))
                .put("applicationProtocol", session.applicationProtocol().orElse(null))
                .put("offered", new JsonArray(List.copyOf(session.offered())))
                .put("subject", session.subject().orElse(null));
    }
}
