package dev.tcpecho.option;

import io.quarkus.runtime.configuration.MemorySize;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a configuration asks for an option.
 *
 * @param key below {@code echo.socket}; null for an option that is only read
 * @param setting empty or null when the kernel's value is to be left
 */
record Request(String key, Function<SocketSettings, ?> setting) {
    static final Request NONE = new Request(null, settings -> null);

    /** A {@link Long} or a {@link String}, or null: flags are 0 or 1, times whole seconds, sizes bytes. */
    Object value(SocketSettings settings) {
        Object value = setting.apply(settings);
        return plain(value instanceof Optional<?> optional ? optional.orElse(null) : value);
    }

    private static Object plain(Object value) {
        if (value instanceof Boolean on) {
            return on ? 1L : 0L;
        }
        if (value instanceof Integer number) {
            return number.longValue();
        }
        if (value instanceof MemorySize size) {
            return size.asLongValue();
        }
        return value instanceof Duration time ? (Object) time.toSeconds() : value;
    }
}
