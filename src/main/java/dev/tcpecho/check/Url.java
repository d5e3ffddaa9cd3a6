package dev.tcpecho.check;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTTP address. Not a {@link java.net.URI}, which finds no host in a name that has an underscore. */
record Url(boolean secure, HostAndPort target, String path, String text) {
    private static final Pattern FORM = Pattern.compile("(?i:(?<scheme>https?))://"
            + "(?:\\[(?<ipv6>[\\w:.%-]+)]|(?<host>[!-~&&[^/?#@:\\\\\\[\\]]]+))(?::(?<port>\\d+))?"
            + "(?<path>[/?][!-~&&[^#]]*)?");

    static Url parse(String text) throws UsageError {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new UsageError(" takes an address like http://HOST:8080/path, not " + text);
        }
        boolean secure = parts.group("scheme").toLowerCase(Locale.ROOT).equals("https");
        String usualPort = secure ? "443" : "80";
        String host = parts.group("ipv6") == null ? parts.group("host") : parts.group("ipv6");
        int port = HostAndPort.port(parts.group("port") == null ? usualPort : parts.group("port"));
        String path = parts.group("path") == null ? "/" : parts.group("path");
        return new Url(secure, new HostAndPort(host, port), path.startsWith("?") ? "/" + path : path, text);
    }

    @Override
    public String toString() {
        return Printable.of(text);
    }
}
