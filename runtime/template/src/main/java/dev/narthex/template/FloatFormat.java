// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.GoFloat;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers with a given precision, as Go's {@code FormatFloat} writes them: exact digits, halves to even. */
final class FloatFormat {
    private static final int DEFAULT_PRECISION = 6;

    private FloatFormat() {}

    /**
     * Formats a number.
     *
     * @param value not negative
     * @param form {@code e}, {@code f} or {@code g}
     * @param precision digits after the point, for {@code g} digits in all; -1 for what {@code fmt} takes by default
     */
    static String format(double value, char form, int precision) {
        if (!Double.isFinite(value)) {
            return GoFloat.general(value);
        }
        return switch (form) {
            case 'f' ->
                new BigDecimal(value)
                        .setScale(precision < 0 ? DEFAULT_PRECISION : precision, RoundingMode.HALF_EVEN)
                        .toPlainString();
            case 'e' -> scientific(value, precision < 0 ? DEFAULT_PRECISION : precision);
            default -> precision < 0 ? GoFloat.general(value) : general(value, Math.max(1, precision));
        };
    }

    private static String scientific(double value, int precision) {
        if (value == 0) {
            return "0" + (precision == 0 ? "" : "." + "0".repeat(precision)) + "e+00";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        String digits = rounded.unscaledValue().toString();
        int exponent = digits.length() - 1 - rounded.scale();
        String padded = digits + "0".repeat(Math.max(0, precision + 1 - digits.length()));
        return withExponent(padded.substring(0, precision + 1), exponent);
    }

    /** As {@code %e} for exponents below -4 or not below the precision, without zeros at the end. */
    private static String general(double value, int precision) {
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value)
                .round(new MathContext(precision, RoundingMode.HALF_EVEN))
                .stripTrailingZeros();
        String digits = rounded.unscaledValue().toString();
        int exponent = digits.length() - 1 - rounded.scale();
        return exponent < -4 || exponent >= precision ? withExponent(digits, exponent) : rounded.toPlainString();
    }

    private static String withExponent(String digits, int exponent) {
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        String magnitude = Integer.toString(Math.abs(exponent));
        return digits.charAt(0) + fraction + "e" + (exponent < 0 ? '-' : '+') + (magnitude.length() < 2 ? "0" : "")
                + magnitude;
    }
}
