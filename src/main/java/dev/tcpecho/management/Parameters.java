package dev.tcpecho.management;

import dev.tcpecho.net.PeerAddress;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The parameters of a request, each given once; what is wrong with one is an IllegalArgumentException for the client.
 */
final class Parameters {
    private static final int MOST_SHOWN = 40;

    private final MultiMap given;

    /** @throws IllegalArgumentException with a message for the client */
    Parameters(MultiMap given, Set<String> known) {
        this.given = given;
        TreeSet<String> allowed = new TreeSet<>(known);
        for (String name : given.names()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "unknown parameter " + shown(name) + "; there are " + String.join(", ", allowed));
            }
            if (given.getAll(name).size() > 1) {
                throw new IllegalArgumentException(name + " can be given only once");
            }
        }
    }

    /** Null when it is not given. */
    String text(String name) {
        List<String> values = given.getAll(name);
        return values.isEmpty() ? null : values.get(0);
    }

    boolean flag(String name, boolean unlessGiven) {
        String text = text(name);
        if (text == null) {
            return unlessGiven;
        }
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw new IllegalArgumentException(name + " must be true or false");
    }

    int number(String name, int unlessGiven, int most) {
        String text = text(name);
        if (text == null) {
            return unlessGiven;
        }
        if (text.matches("\\d{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        }
        throw new IllegalArgumentException(name + " must be a whole number from 1 to " + most);
    }

    /** Null when it is not given. */
    PeerAddress address(String name, boolean withPort) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        return PeerAddress.parse(text)
                .filter(address -> !withPort || address.hasPort())
                .orElseThrow(() -> new IllegalArgumentException(name + " must be an address "
                        + (withPort ? "with its port" : "with or without its port")
                        + ", such as 192.0.2.7:4711 or [2001:db8::7]:4711"));
    }

    /** A name of the client's own, harmless in any terminal. */
    static String shown(String name) {
        String printable = name.replaceAll("[^\\x21-\\x7e]", "?");
        return printable.length() > MOST_SHOWN ? printable.substring(0, MOST_SHOWN) + "..." : printable;
    }
}
