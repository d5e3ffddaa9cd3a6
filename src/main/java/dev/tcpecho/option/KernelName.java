package dev.tcpecho.option;

import org.eclipse.microprofile.config.spi.Converter;

/** A name by which the kernel knows something, of printable ASCII and up to a length. */
abstract class KernelName implements Converter<String> {
    private static final long serialVersionUID = 1L;
    private final int longest;

    KernelName(int longest) {
        this.longest = longest;
    }

    @Override
    public String convert(String value) {
        String name = value.strip();
        if (!name.matches("[\\x21-\\x7e]{0," + longest + "}")) {
            throw new IllegalArgumentException(
                    "must be a name of at most " + longest + " letters, digits and signs, not " + value);
        }
        return name.isEmpty() ? null : name;
    }
}
