package dev.tcpecho.server;

import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys of {@link EchoConfig}, and how each is spelled: as a property, and as an environment variable. */
final class EchoKeys {
    static final String PREFIX = "echo.";

    private static final String LISTENERS = PREFIX + "listeners.";
    private static final String ANY_LISTENER = LISTENERS + "*.";
    private static final String LISTENERS_VARIABLE = "ECHO_LISTENERS_";

    private static final Pattern LISTENER_PROPERTY =
            Pattern.compile(Pattern.quote(LISTENERS) + "(?:\"(?<quoted>[^\"]*)\"|(?<plain>[^.\"]*))\\.(?<key>.+)");
    /** What the mapping knows a list by, beside its plain name. */
    private static final String ANY_ELEMENT = "[*]";

    private static final Pattern INDEX = Pattern.compile("\\[\\d+]$");
    /** An index is spelled {@code _0_}. */
    private static final Pattern INDEX_VARIABLE = Pattern.compile("_(\\d+)_$");

    /** What a pod finds in its environment for each Service of its namespace, of any name that begins with echo. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "(?<service>ECHO(_[A-Z0-9]+)*)_(SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern SERVICE_LINK_PORT = Pattern.compile("ECHO(_[A-Z0-9]+)*_PORT");
    private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.*");

    private static final Pattern LISTENER_NAME = Pattern.compile("[A-Za-z0-9._-]{1,63}");

    private final Set<String> properties;
    /** Of listeners, as below {@code echo.listeners.<name>.}, with the longest first. */
    private final List<String> listenerKeys;

    /** From what the build wrote down of the mapping; no method is looked through at a start. */
    EchoKeys() {
        properties = ConfigClass.configClass(EchoConfig.class, "echo")
                .getProperties()
                .keySet();
        listenerKeys = properties.stream()
                .filter(property -> property.startsWith(ANY_LISTENER) && !property.endsWith(ANY_ELEMENT))
                .map(property -> property.substring(ANY_LISTENER.length()))
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** A listener's key, as a property names it. */
    record OfListener(String listener, String key) {
        boolean isDefault() {
            return listener.equals(EchoConfig.DEFAULT_LISTENER);
        }
    }

    static boolean isListenerName(String name) {
        return LISTENER_NAME.matcher(name).matches();
    }

    /** The key as a property of the listener; a name with a dot in it takes quotes. */
    static String property(String listener, String key) {
        if (listener.equals(EchoConfig.DEFAULT_LISTENER)) {
            return PREFIX + key;
        }
        return LISTENERS + (listener.matches("[\\w-]+") ? listener : '"' + listener + '"') + "." + key;
    }

    /** Which listener's which key this is, known or not; empty for the keys without a listener's name. */
    static Optional<OfListener> ofListener(String property) {
        Matcher matcher = LISTENER_PROPERTY.matcher(property);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String quoted = matcher.group("quoted");
        return Optional.of(new OfListener(quoted == null ? matcher.group("plain") : quoted, matcher.group("key")));
    }

    boolean isKnown(String property) {
        return properties.contains(pattern(property));
    }

    /** Whether the default listener has it: such a key may have a listener's name before it as well. */
    boolean isListenerKey(String key) {
        return listenerKeys.contains(INDEX.matcher(key).replaceFirst(""));
    }

    boolean isList(String property) {
        return properties.contains(pattern(property) + ANY_ELEMENT);
    }

    private static String pattern(String property) {
        String plain = INDEX.matcher(property).replaceFirst("");
        return ofListener(plain).map(of -> ANY_LISTENER + of.key()).orElse(plain);
    }

    /** How the environment spells a property: capitals, and an underscore for all that is neither letter nor digit. */
    static String variable(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** Whether Kubernetes put this variable there for a Service. */
    static boolean isServiceLink(String variable, String value) {
        return SERVICE_LINK.matcher(variable).matches()
                || SERVICE_LINK_PORT.matcher(variable).matches() && isServiceUrl(value);
    }

    /** The variable that has a Service's URL, if this is another one of that Service's. */
    static Optional<String> serviceUrl(String variable) {
        Matcher matcher = SERVICE_LINK.matcher(variable);
        return matcher.matches() ? Optional.of(matcher.group("service") + "_PORT") : Optional.empty();
    }

    static boolean isServiceUrl(String value) {
        return value != null && SERVICE_URL.matcher(value).matches();
    }

    /**
     * The listener's key that a variable spells. An underscore in the name stands for a dash, unless another source has
     * a listener whose name is spelled like that.
     *
     * @param listeners the names that are known otherwise
     */
    Optional<OfListener> ofVariable(String variable, Iterable<String> listeners) {
        if (!variable.startsWith(LISTENERS_VARIABLE)) {
            return Optional.empty();
        }
        Matcher index = INDEX_VARIABLE.matcher(variable);
        String suffix = index.find() ? "[" + index.group(1) + "]" : "";
        String rest = index.replaceFirst("").substring(LISTENERS_VARIABLE.length());
        for (String key : listenerKeys) {
            String end = "_" + variable(key);
            if (rest.endsWith(end) && rest.length() > end.length()) {
                String name = rest.substring(0, rest.length() - end.length());
                return Optional.of(new OfListener(listener(name, listeners), key + suffix));
            }
        }
        return Optional.empty();
    }

    private static String listener(String name, Iterable<String> listeners) {
        for (String known : listeners) {
            if (variable(known).equals(name)) {
                return known;
            }
        }
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
