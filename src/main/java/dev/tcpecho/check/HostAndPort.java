package dev.tcpecho.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where to connect. Underscores are welcome: container networks use them in names. */
record HostAndPort(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(?:\\[(?<ipv6>[^]]+)]|(?<host>[^:\\[\\]/\\s]+)):(?<port>\\d+)");
    private static final int MOST = 65535;

    static HostAndPort parse(String text) throws UsageError {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new UsageError(" takes HOST:PORT or [IPV6]:PORT, not " + text);
        }
        String host = parts.group("ipv6") == null ? parts.group("host") : parts.group("ipv6");
        return new HostAndPort(host, port(parts.group("port")));
    }

    static int port(String digits) throws UsageError {
        return Numbers.within("'s port", digits, 1, MOST);
    }

    @Override
    public String toString() {
        return Printable.of(host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
