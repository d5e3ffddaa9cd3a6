package dev.tcpecho.option;

import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/** A whole number with a least and a most, both of which it may be. */
abstract class WholeNumber implements Converter<Integer> {
    private static final long serialVersionUID = 1L;
    /** Those of ASCII alone, as in sizes and times: Java would take any script's. More are beyond every bound. */
    private static final Pattern DIGITS = Pattern.compile("[+-]?[0-9]{1,18}");

    private final int least;
    private final int most;

    WholeNumber(int least, int most) {
        this.least = least;
        this.most = most;
    }

    @Override
    public Integer convert(String value) {
        String digits = value.trim();
        if (digits.isEmpty()) {
            return null;
        }
        if (DIGITS.matcher(digits).matches()) {
            long number = Long.parseLong(digits);
            if (number >= least && number <= most) {
                return (int) number;
            }
        }
        throw new IllegalArgumentException("must be a whole number from " + least + " to " + most + ", not " + value);
    }
}
