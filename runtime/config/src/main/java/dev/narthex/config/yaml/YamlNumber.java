// SPDX-License-Identifier: Apache-2.0
package dev.narthex.config.yaml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of YAML 1.1 as Prometheus reads them: decimal, {@code 0x}, {@code 0o}, {@code 0b}, octal with a leading
 * zero, underscores between digits, fractions and exponents, {@code .inf}, {@code .nan}.
 */
public final class YamlNumber {
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern OTHER_BASE = Pattern.compile("([-+]?)0([xX][0-9a-fA-F]+|[bB][01]+|[oO]?[0-7]+)");
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger MAX_UNSIGNED =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);

    private YamlNumber() {}

    /**
     * A whole number of 64 bits; the whole part of one with a fraction; null for what is no number, or none of 64 bits.
     *
     * @param signed whether the highest bit is the sign; otherwise numbers above the largest long are given as that
     */
    public static @Nullable Long whole(String text, boolean signed) {
        BigInteger integer = big(text);
        if (integer == null) {
            return null;
        }
        boolean fits = integer.compareTo(MIN) >= 0 && integer.compareTo(signed ? MAX : MAX_UNSIGNED) <= 0;
        return fits ? Long.valueOf(integer.min(MAX).longValue()) : null;
    }

    /**
     * A whole number of 64 bits without a sign, as {@link Long#toUnsignedString(long)} shows it; null for what is none.
     */
    static @Nullable Long unsigned(String text) {
        BigInteger number = big(text);
        boolean fits = number != null && number.signum() >= 0 && number.compareTo(MAX_UNSIGNED) <= 0;
        return fits ? Long.valueOf(Objects.requireNonNull(number).longValue()) : null;
    }

    /** The whole part of a number, null for what is none or has no end. */
    private static @Nullable BigInteger big(String text) {
        BigInteger integer = text.startsWith("_") ? null : integer(text.replace("_", ""));
        if (integer != null) {
            return integer;
        }
        Double real = real(text);
        return real == null || real.isNaN() || real.isInfinite() ? null : new BigDecimal(real).toBigInteger();
    }

    /** Whether a text is a whole number of 64 bits, with or without a sign. */
    static boolean isWhole(String text) {
        BigInteger integer = text.startsWith("_") ? null : integer(text.replace("_", ""));
        return integer != null && integer.compareTo(MIN) >= 0 && integer.compareTo(MAX_UNSIGNED) <= 0;
    }

    /** A number, null for what is none. */
    static @Nullable Double real(String text) {
        switch (text) {
            case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> {
                return Double.POSITIVE_INFINITY;
            }
            case "-.inf", "-.Inf", "-.INF" -> {
                return Double.NEGATIVE_INFINITY;
            }
            case ".nan", ".NaN", ".NAN" -> {
                return Double.NaN;
            }
            default -> {
                // A number in digits, or none.
            }
        }
        if (text.startsWith("_")) {
            return null;
        }
        String digits = text.replace("_", "");
        BigInteger integer = integer(digits);
        if (integer != null) {
            return integer.doubleValue();
        }
        if (!FLOAT.matcher(digits).matches()) {
            return null;
        }
        double value = Double.parseDouble(digits);
        return Double.isInfinite(value) ? null : Double.valueOf(value);
    }

    private static @Nullable BigInteger integer(String digits) {
        if (DECIMAL.matcher(digits).matches()) {
            return new BigInteger(digits);
        }
        var other = OTHER_BASE.matcher(digits);
        if (!other.matches()) {
            return null;
        }
        String rest = other.group(2);
        int base = switch (rest.charAt(0)) {
            case 'x', 'X' -> 16;
            case 'b', 'B' -> 2;
            default -> 8;
        };
        boolean letter = !Character.isDigit(rest.charAt(0));
        return new BigInteger(other.group(1) + (letter ? rest.substring(1) : rest), base);
    }
}
