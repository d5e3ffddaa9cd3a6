package dev.tcpecho.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An observer that shares nothing with the service: ss of iproute2, which asks the kernel over netlink. */
public final class Ss {
    private final String line;

    private Ss(String line) {
        this.line = line;
    }

    /** The listening socket of this port. */
    public static Ss listening(InetSocketAddress address) {
        return ask("-ltnmieoHO", "( sport = :" + address.getPort() + " )");
    }

    /** The connection that the service accepted from this port of the peer. */
    public static Ss accepted(InetSocketAddress service, int peerPort) {
        return ask("-tnmieoHO", "( sport = :" + service.getPort() + " and dport = :" + peerPort + " )");
    }

    /** Ends the socket that listens there, from outside; whether it is gone. */
    public static boolean kills(InetSocketAddress listening) {
        return Program.succeeds("ss", "-Ktn", "state", "listening", "( sport = :" + listening.getPort() + " )")
                && listening(listening).line.isEmpty();
    }

    /** Ends the connection that the service accepted from this port of the peer, from outside; whether it is gone. */
    public static boolean kills(InetSocketAddress service, int peerPort) {
        return Program.succeeds("ss", "-Ktn", "( sport = :" + service.getPort() + " and dport = :" + peerPort + " )")
                && accepted(service, peerPort).line.isEmpty();
    }

    private static Ss ask(String flags, String filter) {
        assumeTrue(Program.succeeds("ss", "-V"), "skipped: ss of iproute2 is not installed");
        return new Ss(Program.output("ss", flags, filter).strip());
    }

    /** Receive buffer in bytes. */
    public long rb() {
        return number("rb(\\d+)");
    }

    /** Send buffer in bytes. */
    public long tb() {
        return number("tb(\\d+)");
    }

    /** Of a listening socket: connections that wait. */
    public long recvQ() {
        return Long.parseLong(columns().get(1));
    }

    /** Of a listening socket: the backlog. */
    public long sendQ() {
        return Long.parseLong(columns().get(2));
    }

    public String state() {
        return columns().get(0);
    }

    public boolean shows(String word) {
        return line.matches("(?s).*\\b" + word + "\\b.*");
    }

    public long number(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(line);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in: " + line);
        }
        return Long.parseLong(matcher.group(1));
    }

    /** Bytes sent again, which count among the bytes sent; ss shows them only when there are any. */
    public long retransmitted() {
        return shows("bytes_retrans:\\d+") ? number("bytes_retrans:(\\d+)") : 0;
    }

    private List<String> columns() {
        return List.of(line.split("\\s+"));
    }

    @Override
    public String toString() {
        return line;
    }
}
