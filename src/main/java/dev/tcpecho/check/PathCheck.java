package dev.tcpecho.check;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Tells the SYN that left here from the one that arrived, and the addresses, and what stood before the bytes. */
final class PathCheck {
    /** A class that nobody gives to traffic by default (AF11), so that its arrival says something. */
    private static final int DSCP = 10;

    private final HostAndPort target;
    private final Dialer dialer;
    private final boolean tls;
    private final Deadline deadline;
    private final List<Rewrite> rewrites = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    PathCheck(HostAndPort target, Dialer dialer, boolean tls, Deadline deadline) {
        this.target = target;
        this.dialer = dialer.with(PathCheck::marked);
        this.tls = tls;
        this.deadline = deadline;
    }

    /** Java's own sockets are of IPv6, and what they set there IPv4 does not have. */
    private static Socket marked(InetAddress address) throws IOException {
        ProtocolFamily family =
                address instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        return SocketChannel.open(family)
                .setOption(StandardSocketOptions.IP_TOS, DSCP << 2)
                .socket();
    }

    /** Strict makes a rewrite a failure. */
    Finding run(boolean strict) throws CheckFailure {
        InetSocketAddress local;
        InetSocketAddress remote;
        InBand answer;
        try (Line line = dialer.dial(target, deadline)) {
            local = line.local();
            remote = line.remote();
            answer = InBand.read(line);
        } catch (CheckFailure e) {
            throw new CheckFailure("path " + target + ": " + e.getMessage());
        } catch (ConnectException e) {
            throw new CheckFailure("path " + target + ": " + Trouble.of(e, deadline));
        } catch (IOException e) {
            String silent = deadline.isOver() ? "; a listener of mode report speaks first, and ends" : "";
            throw new CheckFailure("path " + target + ": " + Trouble.of(e, deadline) + silent);
        }
        SentSyn sent = SentSyn.to(remote, DSCP, deadline);
        addresses(local, remote, answer);
        JsonObject syn = answer.object("syn");
        if (!(syn.getValue("ttl") instanceof Number)) {
            Object why = syn.getValue("note");
            notes.add("the SYN was not kept, so only addresses can be compared: "
                    + (why == null ? "echo.socket.tcp-save-syn=true keeps it" : Printable.of(why)));
        } else {
            new SynComparison(rewrites, notes).compare(sent, syn);
        }
        entrance(answer, local);
        keepAlive(answer);
        limits(answer);
        return finding(strict, sent, syn, answer);
    }

    private void addresses(InetSocketAddress local, InetSocketAddress remote, InBand answer) throws CheckFailure {
        InetSocketAddress source = arrived(answer, "remote");
        if (!source.equals(local)) {
            boolean portOnly = source.getAddress().equals(local.getAddress());
            rewrites.add(new Rewrite(
                    portOnly ? "source port" : "source",
                    Endpoint.words(local),
                    Endpoint.words(source),
                    portOnly
                            ? "address translation changed the port"
                            : "address translation, or a proxy's own connection"));
        }
        InetSocketAddress destination = arrived(answer, "local");
        if (!destination.equals(remote)) {
            rewrites.add(new Rewrite(
                    "destination",
                    Endpoint.words(remote),
                    Endpoint.words(destination),
                    "a Service, a balancer or a proxy passed it on"));
        }
    }

    /** Who does not know the connection that it answers on has nothing to say of the way. */
    private InetSocketAddress arrived(InBand answer, String end) throws CheckFailure {
        InetSocketAddress known = Endpoint.of(answer.report().getValue(end));
        if (known == null) {
            throw new CheckFailure(
                    "path " + target + ": not a report: it does not say its connection's " + end + " address");
        }
        return known;
    }

    private void entrance(InBand answer, InetSocketAddress local) {
        JsonObject proxy = answer.object("proxy");
        if (!proxy.isEmpty()) {
            InetSocketAddress source = Endpoint.of(proxy.getValue("source"));
            boolean ours = source != null && source.equals(local);
            notes.add("PROXY header " + Printable.of(proxy.getValue("version")) + " names "
                    + Printable.of(proxy.getValue("source")) + " as the client: "
                    + (ours
                            ? "that is this connection"
                            : "not this connection, something before the proxy changed it"));
        }
        JsonObject secured = answer.object("tls");
        if (tls && secured.isEmpty()) {
            rewrites.add(new Rewrite("tls", "TLS", "plain text", "whoever ends TLS on the way reads everything"));
        } else if (!tls && !secured.isEmpty()) {
            rewrites.add(new Rewrite("tls", "plain text", "TLS", "added on the way, as meshes do"));
        } else if (tls) {
            notes.add("tls: " + Printable.of(secured.getValue("protocol")) + ", "
                    + Printable.of(secured.getValue("cipher")) + ", seen by the service itself");
        }
    }

    private void keepAlive(InBand answer) {
        if (answer.report().getValue("options") instanceof JsonArray options) {
            String on = effective(options, "SO_KEEPALIVE");
            if (on != null) {
                notes.add(
                        on.equals("0") || on.equals("false")
                                ? "keep-alive of the service: off (echo.socket.tcp-keep-alive)"
                                : "keep-alive of the service: the first probe after "
                                        + effective(options, "TCP_KEEPIDLE") + " s of silence");
            }
        }
    }

    private static String effective(JsonArray options, String name) {
        return options.stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .filter(option -> name.equals(option.getValue("option")))
                .map(option -> option.getValue("effective"))
                .filter(Objects::nonNull)
                .map(Printable::of)
                .findFirst()
                .orElse(null);
    }

    private void limits(InBand answer) {
        JsonObject limited = answer.object("limitedBy");
        Object by = limited.getValue("by");
        if (by != null && !by.equals("nothing")) {
            notes.add("slowed by " + Printable.of(by)
                    + (limited.getValue("note") == null ? "" : ": " + Printable.of(limited.getValue("note"))));
        }
    }

    private Finding finding(boolean strict, SentSyn sent, JsonObject syn, InBand answer) {
        List<String> lines =
                new ArrayList<>(rewrites.stream().map(Rewrite::words).toList());
        lines.addAll(notes);
        Object hops = syn.getValue("hops");
        String summary = "path " + target + ": "
                + (rewrites.isEmpty()
                        ? "nothing was rewritten"
                        : rewrites.size() + (rewrites.size() == 1 ? " rewrite" : " rewrites"))
                + " on the way to " + answer.who() + (hops == null ? "" : ", hops=" + Printable.of(hops));
        JsonObject json = new JsonObject()
                .put("target", target.toString())
                .put("answeredBy", answer.who())
                .put(
                        "rewrites",
                        new JsonArray(rewrites.stream().map(Rewrite::json).toList()))
                .put("notes", new JsonArray(notes))
                .put("sent", sent.json())
                .put("report", answer.report());
        return new Finding(!strict || rewrites.isEmpty(), lines, summary, json);
    }
}
