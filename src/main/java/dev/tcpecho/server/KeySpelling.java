package dev.tcpecho.server;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import jakarta.annotation.Priority;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Stands between the sources of the configuration and {@link EchoConfig}, for what the mapping alone lets pass:
 * {@code echo.listeners.default.*} is the default listener; an environment variable can name a listener with a dash;
 * one that is no key is as wrong as a property that is none; a blank element of a list is refused, since the mapping
 * drops it, and a list without elements means all interfaces; and so is a placeholder that nothing fills in, since the
 * mapping takes an optional key for unset then: all interfaces again, or a listener without its TLS.
 *
 * <p>Outside of the expressions: what is looked at here has its placeholders filled in.
 */
@Priority(KeySpelling.PRIORITY)
public final class KeySpelling implements ConfigSourceInterceptor {
    /** The higher, the farther from the sources; the library's expressions are at 3300. */
    static final int PRIORITY = 4000;

    private static final long serialVersionUID = 1L;
    private static final EchoKeys KEYS = new EchoKeys();
    private static final String ALL_INTERFACES = "*";

    /** Longer than any key; the mapping loses its way in names of 4096 characters and more. */
    private static final int LONGEST = 512;

    private static final int SHOWN = 80;
    private static final String CUT = "...";

    /** @throws IllegalArgumentException for a value that is refused here, with its key; the mapping lists it */
    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        if (!name.startsWith(EchoKeys.PREFIX)) {
            return context.proceed(name);
        }
        if (name.endsWith(CUT)) {
            return ConfigValue.builder()
                    .withName(name)
                    .withValue("")
                    .withConfigSourceName("a name of more than " + LONGEST + " characters")
                    .build();
        }
        ConfigValue value = stronger(context.proceed(name), asDefaultListener(context, name));
        if (value != null && value.hasProblems() && KEYS.isKnown(name)) {
            throw new IllegalArgumentException(name + ": nothing is known of a placeholder in \"" + value.getRawValue()
                    + "\"; one that may be empty is written as ${NAME:}");
        }
        if (value == null || value.getValue() == null) {
            return value;
        }
        if (!KEYS.isKnown(name)) {
            return named(value, name);
        }
        if (!value.isDefault()) {
            EchoKeys.ofListener(name).ifPresent(of -> checkName(of.listener(), name));
        }
        if (KEYS.isList(name)) {
            checkElements(value, name);
        }
        return value;
    }

    /** Of one key with two names: in the same source the longer name counts. */
    private static ConfigValue stronger(ConfigValue plain, ConfigValue ofListener) {
        if (plain == null || ofListener == null) {
            return plain == null ? ofListener : plain;
        }
        return !ofListener.isDefault() && ofListener.getConfigSourceOrdinal() >= plain.getConfigSourceOrdinal()
                ? ofListener
                : plain;
    }

    private static ConfigValue asDefaultListener(ConfigSourceInterceptorContext context, String name) {
        String key = name.substring(EchoKeys.PREFIX.length());
        if (!KEYS.isListenerKey(key)) {
            return null;
        }
        String below = EchoKeys.PREFIX + "listeners.";
        ConfigValue value = context.proceed(below + EchoConfig.DEFAULT_LISTENER + "." + key);
        return stronger(value, context.proceed(below + '"' + EchoConfig.DEFAULT_LISTENER + "\"." + key));
    }

    /**
     * The mapping passes over what it does not know if it comes from the environment; under another name, it does not.
     */
    private static ConfigValue named(ConfigValue value, String name) {
        String variable = EchoKeys.variable(name);
        return isFromEnvironment(value) && !EchoKeys.isServiceLink(variable, value.getValue())
                ? value.withConfigSourceName("the environment as " + variable)
                : value;
    }

    private static boolean isFromEnvironment(ConfigValue value) {
        return value != null
                && value.getConfigSourceName() != null
                && value.getConfigSourceName().startsWith(EnvConfigSource.NAME);
    }

    private static void checkName(String listener, String property) {
        if (!EchoKeys.isListenerName(listener)) {
            throw new IllegalArgumentException(property
                    + ": the name of a listener has 1 to 63 letters (a to z), digits, dashes, dots and underscores");
        }
    }

    private static void checkElements(ConfigValue value, String property) {
        String text = value.getValue();
        List<String> elements = List.of(text.split(",", -1));
        if (!text.isEmpty() && elements.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException(
                    property + ": has a blank element, in \"" + text + "\"; only a wholly empty value is empty");
        }
        if (elements.size() > 1
                && elements.stream().anyMatch(each -> each.strip().equals(ALL_INTERFACES))) {
            throw new IllegalArgumentException(
                    property + ": * stands for all and takes no other beside it, in \"" + text + "\"");
        }
    }

    @Override
    public Iterator<String> iterateNames(ConfigSourceInterceptorContext context) {
        List<String> names = new ArrayList<>();
        context.iterateNames().forEachRemaining(names::add);
        Set<String> known = names.stream().filter(KEYS::isKnown).collect(Collectors.toSet());
        Set<String> variables = known.stream().map(EchoKeys::variable).collect(Collectors.toSet());
        List<String> listeners = known.stream()
                .flatMap(name -> EchoKeys.ofListener(name).stream())
                .map(EchoKeys.OfListener::listener)
                .toList();
        Set<String> spelled = new LinkedHashSet<>();
        for (String name : names) {
            if (!name.startsWith(EchoKeys.PREFIX)) {
                spelled.add(name);
            } else if (name.length() > LONGEST) {
                spelled.add(name.substring(0, SHOWN) + CUT);
            } else if (isServiceLinkOfListeners(context, name)) {
                continue;
            } else if (known.contains(name)) {
                spelled.add(plain(name));
            } else {
                unknown(context, name, variables, listeners).ifPresent(spelled::add);
            }
        }
        return spelled.iterator();
    }

    /** A Service called echo-listeners, or echo-listeners-x, makes no listener of its host and ports. */
    private static boolean isServiceLinkOfListeners(ConfigSourceInterceptorContext context, String name) {
        String variable = EchoKeys.variable(name);
        return isFromEnvironment(context.proceed(name))
                && EchoKeys.serviceUrl(variable)
                        .map(context::proceed)
                        .filter(url -> EchoKeys.isServiceUrl(url.getValue()))
                        .isPresent();
    }

    private static String plain(String name) {
        return EchoKeys.ofListener(name)
                .filter(EchoKeys.OfListener::isDefault)
                .map(of -> EchoKeys.PREFIX + of.key())
                .orElse(name);
    }

    private static Optional<String> unknown(
            ConfigSourceInterceptorContext context, String name, Set<String> variables, List<String> listeners) {
        ConfigValue value = context.proceed(name);
        if (!isFromEnvironment(value)) {
            return Optional.of(name);
        }
        String variable = EchoKeys.variable(name);
        if (variables.contains(variable)) {
            return Optional.empty(); // only another reading of a variable that is a known key
        }
        Optional<EchoKeys.OfListener> ofListener = KEYS.ofVariable(variable, listeners);
        if (ofListener.isPresent()) {
            return ofListener.map(of -> EchoKeys.property(of.listener(), of.key()));
        }
        return value.getValue() != null && EchoKeys.isServiceLink(variable, value.getValue())
                ? Optional.empty()
                : Optional.of(name);
    }
}
