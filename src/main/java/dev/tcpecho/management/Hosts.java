package dev.tcpecho.management;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The host names that the side port answers to. A web page of anybody may have a name that resolves to this machine;
 * its scripts then read what we answer, unless we look at the name that they asked for.
 */
final class Hosts {
    private static final Pattern HOST = Pattern.compile(
            "(?:\\[([0-9a-f:.]+)(?:%25?[\\w.~-]+)?\\]|([\\w.~-]+))(?::\\d{0,5})?", Pattern.CASE_INSENSITIVE);

    private final boolean onLoopback;
    private final Set<String> further;

    /**
     * @param bound the host that the side port is bound to
     * @param further names to answer to; empty elsewhere than on loopback: any
     */
    Hosts(String bound, Optional<List<String>> further) {
        this.onLoopback = isLoopback(bound);
        this.further = further.orElse(List.of()).stream()
                .map(name -> normal(name.strip()))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isLoopback(String bound) {
        try {
            return InetAddress.getByName(bound).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // The bind will say so.
            return false;
        }
    }

    /** The host of such as {@code localhost:8080} or {@code [::1]:8080}; empty when it is none. */
    static Optional<String> name(String header) {
        Matcher matcher = HOST.matcher(header.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(normal(matcher.group(1) == null ? matcher.group(2) : matcher.group(1)));
    }

    /** @param local address that the request came in on: who knows only that, as probes do, is no web page */
    boolean answersTo(String name, String local) {
        if (further.contains(name)) {
            return true;
        }
        if (onLoopback) {
            return isLoopbackName(name);
        }
        return further.isEmpty() || name.equals(normal(local));
    }

    private static boolean isLoopbackName(String name) {
        if (NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)) {
            InetAddress address = NetUtil.createInetAddressFromIpAddressString(name);
            return address != null && address.isLoopbackAddress();
        }
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    /** In lower case, without the root's dot, brackets or scope; addresses in one spelling. */
    private static String normal(String host) {
        String name = host.toLowerCase(Locale.ROOT).replaceAll("^\\[|\\]$|%.*", "");
        if (NetUtil.isValidIpV6Address(name)) {
            return NetUtil.toAddressString(NetUtil.createInetAddressFromIpAddressString(name));
        }
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
