package dev.tcpecho.check;

import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** An address and port as reports write them. */
final class Endpoint {
    /** No name among them, so that nothing is looked up. */
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private Endpoint() {}

    /** From {@code 10.0.0.1:5}, {@code [::1]:5} or an object with address and port; null where it is none of them. */
    static InetSocketAddress of(Object value) {
        try {
            if (value instanceof JsonObject object && object.getValue("port") instanceof Integer port) {
                return at(String.valueOf(object.getValue("address")), port);
            }
            HostAndPort parsed = HostAndPort.parse(String.valueOf(value));
            return at(parsed.host(), parsed.port());
        } catch (UsageError | UnknownHostException | IllegalArgumentException e) {
            return null;
        }
    }

    private static InetSocketAddress at(String text, int port) throws UnknownHostException {
        String address = text.replaceFirst("%.*", "");
        return LITERAL.matcher(address).matches() ? new InetSocketAddress(InetAddress.getByName(address), port) : null;
    }

    static String words(InetSocketAddress endpoint) {
        return new HostAndPort(endpoint.getAddress().getHostAddress(), endpoint.getPort()).toString();
    }
}
