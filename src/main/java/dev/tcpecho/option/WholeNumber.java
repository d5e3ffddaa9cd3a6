package dev.tcpecho.option;

import org.eclipse.microprofile.config.spi.Converter;

/** A whole number with a least and a most, both of which it may be. */
abstract class WholeNumber implements Converter<Integer> {
    private static final long serialVersionUID = 1L;
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
        try {
            int number = Integer.parseInt(digits);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, with the bounds: too large for an int is out of bounds as well.
        }
        throw new IllegalArgumentException("must be a whole number from " + least + " to " + most + ", not " + value);
    }
}
