package dev.tcpecho.option;

import java.util.OptionalLong;

/** The value of a socket option: a number, which a flag is as well, or a name. */
public sealed interface OptionValue {
    /** @param number as setsockopt takes it; a flag is 0 or 1, SO_LINGER off is -1 */
    record Figure(long number) implements OptionValue {
        @Override
        public OptionalLong asNumber() {
            return OptionalLong.of(number);
        }

        @Override
        public Object plain() {
            return number;
        }

        @Override
        public String toString() {
            return String.valueOf(number);
        }
    }

    /** Such as {@code cubic}. */
    record Name(String text) implements OptionValue {
        @Override
        public OptionalLong asNumber() {
            return OptionalLong.empty();
        }

        @Override
        public Object plain() {
            return text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    OptionalLong asNumber();

    /** A {@link Long} or a {@link String}, as JSON has them. */
    Object plain();

    static OptionValue of(long number) {
        return new Figure(number);
    }

    static OptionValue of(String name) {
        return new Name(name);
    }

    static OptionValue of(boolean flag) {
        return new Figure(flag ? 1 : 0);
    }
}
