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

    /** In the option's unit, or null. */
    OptionValue value(SocketSettings settings, Unit unit) {
        Object value = setting.apply(settings);
        return typed(value instanceof Optional<?> optional ? optional.orElse(null) : value, unit);
    }

    private static OptionValue typed(Object value, Unit unit) {
        if (value instanceof Boolean on) {
            return OptionValue.of(on);
        }
        if (value instanceof Integer number) {
            return OptionValue.of(number);
        }
        if (value instanceof MemorySize size) {
            return OptionValue.of(size.asLongValue());
        }
        if (value instanceof Duration time) {
            return OptionValue.of(unit == Unit.MILLISECONDS ? time.toMillis() : time.toSeconds());
        }
        return value == null ? null : OptionValue.of(value.toString());
    }
}
