package dev.tcpecho.manual;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Every key that the configuration mappings in the code read, without those of further listeners, which are the same.
 */
final class Keys {
    /** @param fallback as written in the mapping; empty: the kernel's, or none */
    record Key(String name, Optional<String> fallback, Class<?> type) {}

    private static final Path CLASSES = Path.of("target/classes");

    private Keys() {}

    static Map<String, Key> all() {
        Map<String, Key> keys = new TreeMap<>();
        for (Class<?> mapping : classes()) {
            ConfigMapping prefix = mapping.getAnnotation(ConfigMapping.class);
            if (prefix != null) {
                collect(prefix.prefix(), mapping, keys);
            }
        }
        return keys;
    }

    private static void collect(String prefix, Class<?> group, Map<String, Key> keys) {
        for (Method method : group.getMethods()) {
            Class<?> type = valueType(method.getGenericReturnType());
            String name = method.isAnnotationPresent(WithParentName.class) ? prefix : prefix + "." + name(method);
            if (isGroup(type)) {
                collect(name, type, keys);
            } else if (type != Map.class) {
                WithDefault fallback = method.getAnnotation(WithDefault.class);
                keys.put(name, new Key(name, Optional.ofNullable(fallback).map(WithDefault::value), type));
            }
        }
    }

    /** What the configuration holds: the element of an Optional or a List. */
    private static Class<?> valueType(Type type) {
        if (type instanceof ParameterizedType generic) {
            boolean wraps = List.of(Optional.class, List.class).contains(generic.getRawType());
            return wraps ? valueType(generic.getActualTypeArguments()[0]) : (Class<?>) generic.getRawType();
        }
        return (Class<?>) type;
    }

    private static boolean isGroup(Class<?> type) {
        return type.isInterface() && type.getName().startsWith("dev.tcpecho.");
    }

    private static String name(Method method) {
        WithName given = method.getAnnotation(WithName.class);
        return given != null
                ? given.value()
                : method.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(java.util.Locale.ROOT);
    }

    private static List<Class<?>> classes() {
        try (Stream<Path> files = Files.walk(CLASSES.resolve("dev"))) {
            return files.map(file -> CLASSES.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("package-info.class"))
                    .<Class<?>>map(file -> load(file.replaceAll("\\.class$", "").replace('/', '.')))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Keys.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
