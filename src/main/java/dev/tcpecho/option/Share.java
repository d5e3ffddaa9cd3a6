package dev.tcpecho.option;

import org.eclipse.microprofile.config.spi.Converter;

/** A share that is not nothing: above 0, to 1. */
abstract class Share implements Converter<Double> {
    private static final long serialVersionUID = 1L;

    @Override
    public Double convert(String value) {
        if (value.isBlank()) {
            return null;
        }
        try {
            double share = Double.parseDouble(value.strip());
            if (share > 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            // Said below, with the bounds.
        }
        throw new IllegalArgumentException("must be a number above 0, to 1, such as 0.1, not " + value);
    }
}
