package dev.tcpecho.server;

import dev.tcpecho.kernel.SavedSyn;
import dev.tcpecho.kernel.TcpInfo;
import dev.tcpecho.net.Addresses;
import dev.tcpecho.net.Peer;
import dev.tcpecho.option.ConnectionSocket;
import dev.tcpecho.option.KeepAlive;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One connection as JSON, the same wherever it is shown; the order of the fields is part of the contract. What cannot
 * be known is null.
 */
public final class ConnectionFacts {
    private ConnectionFacts() {}

    public static JsonObject json(OpenConnection connection) {
        ConnectionSocket socket = connection.socket();
        JsonArray options = new JsonArray();
        socket.differences()
                .forEach(difference -> options.add(new JsonObject()
                        .put("option", difference.option().kernelName())
                        .put("listener", difference.listener().plain())
                        .put("effective", difference.effective().plain())
                        .put("unit", difference.option().unit().toString())));
        return new JsonObject()
                .put("listener", connection.listener())
                .put("shard", connection.shard())
                .put("eventLoop", connection.eventLoop())
                .put("generation", connection.generation())
                .put("local", Addresses.hostPort(socket.local()))
                .put("remote", Addresses.hostPort(socket.remote()))
                .put("proxy", connection.peer().proxy().map(PeerFacts::json).orElse(null))
                .put("tls", connection.peer().tls().map(PeerFacts::json).orElse(null))
                .put("fault", connection.fault().map(ConnectionFault::json).orElse(null))
                .put("ageMillis", connection.age().toMillis())
                .put("bytesReceived", connection.received())
                .put("bytesSent", connection.sent())
                .put(
                        "write",
                        new JsonObject()
                                .put("state", connection.writeState().name().toLowerCase(Locale.ROOT))
                                .put("pendingBytes", connection.pending()))
                .put(
                        "limitedBy",
                        connection.limitedBy().map(ConnectionFacts::json).orElse(null))
                .put("receiveBuffer", socket.receiveBuffer())
                .put("sendBuffer", socket.sendBuffer())
                .put("options", options)
                .put("keepAlive", socket.keepAlive() == null ? null : json(socket.keepAlive(), socket.tcpInfo()))
                .put("syn", socket.synAsked() ? json(Optional.ofNullable(socket.syn())) : null)
                .put("tcpInfo", socket.tcpInfo() == null ? null : json(socket.tcpInfo()));
    }

    /** Of one that has ended. */
    public static JsonObject json(ClosedConnection closed) {
        return new JsonObject()
                .put("listener", closed.listener())
                .put("eventLoop", closed.eventLoop())
                .put("local", closed.local() == null ? null : Addresses.hostPort(closed.local()))
                .put("remote", remote(closed.peer()))
                .put("proxy", closed.peer().proxy().map(PeerFacts::json).orElse(null))
                .put("tls", closed.peer().tls().map(PeerFacts::json).orElse(null))
                .put("fault", closed.fault().map(ConnectionFault::json).orElse(null))
                .put("reason", closed.reason().toString())
                .put("endedBy", closed.reason().endedBy())
                .put("sentence", closed.reason().sentence())
                .put("closedAt", closed.at().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("ageMillis", closed.age().toMillis())
                .put("bytesReceived", closed.received())
                .put("bytesSent", closed.sent())
                .put("pendingBytes", closed.pending())
                .put("limitedBy", closed.limitedBy().map(ConnectionFacts::json).orElse(null))
                .put("syn", closed.synAsked() ? json(Optional.ofNullable(closed.syn())) : null)
                .put("tcpInfo", closed.tcpInfo() == null ? null : json(closed.tcpInfo()));
    }

    /** Null where the kernel had forgotten it before it was asked. */
    public static String remote(Peer peer) {
        return peer.socket() == null ? null : Addresses.hostPort(peer.socket());
    }

    public static JsonObject json(LimitedBy limit) {
        return new JsonObject()
                .put("by", limit.by().toString())
                .put("share", Math.round(limit.share() * 100) / 100.0)
                .put("note", limit.note());
    }

    /** @param info null where the transport cannot read it */
    public static JsonObject json(KeepAlive keepAlive, TcpInfo info) {
        return new JsonObject()
                .put("armed", keepAlive.armed())
                .put("idleSeconds", keepAlive.idle().toSeconds())
                .put("intervalSeconds", keepAlive.interval().toSeconds())
                .put("probes", keepAlive.probes())
                .put(
                        "nextProbeMillis",
                        info == null
                                ? null
                                : keepAlive
                                        .nextProbe(info)
                                        .map(Duration::toMillis)
                                        .orElse(null))
                .put("unansweredProbes", info == null ? null : info.unansweredProbes());
    }

    /** @param kept empty when it was to be kept and was not there */
    public static JsonObject json(Optional<SavedSyn> kept) {
        if (kept.isEmpty()) {
            return new JsonObject()
                    .put("kept", false)
                    .put("note", "the kernel kept none: it answered with a SYN cookie, or does not keep SYNs here");
        }
        SavedSyn syn = kept.get();
        return new JsonObject()
                .put("kept", true)
                .put("mss", known(syn.mss()))
                .put("windowScale", known(syn.windowScale()))
                .put("window", syn.window())
                .put("sackPermitted", syn.sackPermitted())
                .put("timestamps", syn.timestamps())
                .put("ecn", syn.ecn())
                .put("dscp", syn.dscp())
                .put("ttl", syn.ttl())
                .put("hops", syn.hops())
                .put("mptcp", syn.mptcp())
                .put("fastOpen", syn.fastOpen().name().toLowerCase(Locale.ROOT))
                .put("unknownOptions", new JsonArray(List.copyOf(syn.unknownOptions())))
                .put("malformed", syn.malformed());
    }

    public static JsonObject json(TcpInfo info) {
        return new JsonObject()
                .put("state", info.state())
                .put("rttMicros", info.rtt())
                .put("rttVarianceMicros", info.rttVariance())
                .put("minRttMicros", known(info.minRtt()))
                .put("congestionWindow", info.congestionWindow())
                .put("sendMss", info.sendMss())
                .put("receiveMss", info.receiveMss())
                .put("retransmits", info.retransmits())
                .put("unacked", info.unacked())
                .put("notSentBytes", info.notSent())
                .put("deliveryRate", info.deliveryRate())
                .put("pacingRate", known(info.pacingRate()))
                .put("delivered", known(info.delivered()))
                .put("bytesRetransmitted", known(info.bytesRetransmitted()))
                .put("spuriousRetransmits", known(info.spuriousRetransmits()))
                .put("reorderingSeen", known(info.reorderingSeen()))
                .put("outOfOrderReceived", known(info.outOfOrderReceived()))
                .put("sendWindow", known(info.sendWindow()))
                .put("receiveWindow", known(info.receiveWindow()))
                .put("busyMicros", known(info.busy()))
                .put("receiverLimitedMicros", known(info.receiverLimited()))
                .put("sendBufferLimitedMicros", known(info.sendBufferLimited()));
    }

    private static Long known(OptionalLong value) {
        return value.isPresent() ? (Long) value.getAsLong() : null;
    }

    private static Integer known(OptionalInt value) {
        return value.isPresent() ? (Integer) value.getAsInt() : null;
    }
}
