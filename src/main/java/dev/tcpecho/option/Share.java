package dev.tcpecho.option;

import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/** A share that is not nothing: above 0, to 1. */
abstract class Share implements Converter<Double> {
    private static final long serialVersionUID = 1L;
    /** Java would take 1d and 0x1p-1 as well. */
    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

    @Override
    public Double convert(String value) {
        if (value.isBlank()) {
            return null;
        }
        if (DECIMAL.matcher(value.strip()).matches()) {
            double share = Double.parseDouble(value.strip());
            if (share > 0 && share <= 1) {
                return share;
            }
        }
        throw new IllegalArgumentException("must be a number above 0, to 1, such as 0.1, not " + value);
    }
}
