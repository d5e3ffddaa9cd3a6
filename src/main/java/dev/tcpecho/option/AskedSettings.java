package dev.tcpecho.option;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.config.spi.Converter;

/** Socket settings from texts by key, read by the converters that read the configuration, and bounded as it is. */
public final class AskedSettings {
    private static final Map<String, Method> KEYS = keys();

    private AskedSettings() {}

    /** The keys below {@code echo.socket}. */
    public static Set<String> names() {
        return KEYS.keySet();
    }

    /**
     * Keys that are not given have the defaults of the configuration. As there, an empty value is none where a key may
     * be unset, and refused where it has a default.
     *
     * @throws IllegalArgumentException with the key and what is allowed
     */
    public static SocketSettings of(Map<String, String> given) {
        Map<Method, Object> values = new HashMap<>();
        KEYS.forEach((key, method) -> values.put(method, value(key, method, given.get(key))));
        return (SocketSettings) Proxy.newProxyInstance(
                AskedSettings.class.getClassLoader(),
                new Class<?>[] {SocketSettings.class},
                (settings, method, arguments) -> values.get(method));
    }

    private static Object value(String key, Method method, String text) {
        WithDefault unlessGiven = method.getAnnotation(WithDefault.class);
        Object value;
        if (text != null) {
            value = converted(key, method, text);
        } else {
            value = unlessGiven == null ? null : converted(key, method, unlessGiven.value());
        }
        if (value == null && unlessGiven != null) {
            throw new IllegalArgumentException(key + " is empty: leave it out, or give it a value");
        }
        return method.getReturnType() == Optional.class ? Optional.ofNullable(value) : value;
    }

    private static Object converted(String key, Method method, String text) {
        try {
            Converter<?> converter = method.getAnnotation(WithConverter.class)
                    .value()
                    .getDeclaredConstructor()
                    .newInstance();
            return converter.convert(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + " " + e.getMessage(), e);
        } catch (NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException(method + " has a converter that cannot be made", e);
        }
    }

    private static Map<String, Method> keys() {
        Map<String, Method> keys = new TreeMap<>();
        for (Method method : SocketSettings.class.getMethods()) {
            keys.put(key(method), method);
        }
        return keys;
    }

    /** Of a method of {@link SocketSettings}. */
    public static String key(Method method) {
        return method.getName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
