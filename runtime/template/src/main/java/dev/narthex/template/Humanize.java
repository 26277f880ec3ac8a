// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.GoFloat;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them (Prometheus documentation, "Template reference", "Numbers"). */
final class Humanize {
    private static final List<String> LARGE = List.of("k", "M", "G", "T", "P", "E", "Z", "Y");
    private static final List<String> SMALL = List.of("m", "u", "n", "p", "f", "a", "z", "y");
    private static final List<String> BINARY = List.of("ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi");
    private static final double NANOS = 1e9;

    private Humanize() {}

    static String decimal(@Nullable Object argument) {
        double value = number(argument);
        if (value == 0 || !Double.isFinite(value)) {
            return fourDigits(value);
        }
        return Math.abs(value) >= 1 ? scaled(value, 1000, LARGE) : fraction(value, "");
    }

    static String binary(@Nullable Object argument) {
        double value = number(argument);
        if (Math.abs(value) <= 1 || !Double.isFinite(value)) {
            return fourDigits(value);
        }
        return scaled(value, 1024, BINARY);
    }

    private static String scaled(double value, int step, List<String> units) {
        double rest = value;
        String unit = "";
        for (String next : units) {
            if (Math.abs(rest) < step) {
                break;
            }
            unit = next;
            rest /= step;
        }
        return fourDigits(rest) + unit;
    }

    private static String fraction(double value, String suffix) {
        double rest = value;
        String unit = "";
        for (String next : SMALL) {
            if (Math.abs(rest) >= 1) {
                break;
            }
            unit = next;
            rest *= 1000;
        }
        return fourDigits(rest) + unit + suffix;
    }

    static String duration(@Nullable Object argument) {
        double value = number(argument);
        if (!Double.isFinite(value)) {
            return fourDigits(value);
        }
        if (value == 0) {
            return fourDigits(value) + "s";
        }
        if (Math.abs(value) < 1) {
            return fraction(value, "s");
        }
        String sign = value < 0 ? "-" : "";
        double magnitude = Math.abs(value);
        long whole = (long) magnitude;
        long seconds = whole % 60;
        long minutes = whole / 60 % 60;
        long hours = whole / 3600 % 24;
        long days = whole / 86_400;
        if (days != 0) {
            return sign + days + "d " + hours + "h " + minutes + "m " + seconds + "s";
        }
        if (hours != 0) {
            return sign + hours + "h " + minutes + "m " + seconds + "s";
        }
        if (minutes != 0) {
            return sign + minutes + "m " + seconds + "s";
        }
        return sign + fourDigits(magnitude) + "s";
    }

    static String percentage(@Nullable Object argument) {
        return fourDigits(number(argument) * 100) + "%";
    }

    static String timestamp(@Nullable Object argument) {
        double value = number(argument);
        return Double.isFinite(value) ? time(value).toString() : fourDigits(value);
    }

    static GoTime time(@Nullable Object argument) {
        return new GoTime(Instant.ofEpochMilli(nanos(number(argument), "a nanoseconds timestamp") / 1_000_000));
    }

    static GoDuration span(@Nullable Object argument) {
        return new GoDuration(nanos(number(argument), "a time.Duration"));
    }

    private static long nanos(double seconds, String what) {
        if (!Double.isFinite(seconds)) {
            throw new FunctionException("value is NaN or Inf");
        }
        double nanos = seconds * NANOS;
        if (nanos > Long.MAX_VALUE || nanos < Long.MIN_VALUE) {
            throw new FunctionException(
                    GoFloat.general(seconds) + " cannot be represented as " + what + " since it overflows int64");
        }
        return (long) nanos;
    }

    /** The number that an argument is or spells. */
    static double number(@Nullable Object argument) {
        return switch (argument) {
            case null -> throw new FunctionException("can't convert <nil> to float");
            case Double value -> value;
            case Long value -> value;
            case GoDuration duration -> duration.nanos() / NANOS;
            case String text -> {
                try {
                    yield GoFloat.parse(text);
                } catch (NumberFormatException e) {
                    throw new FunctionException(String.valueOf(e.getMessage()));
                }
            }
            default -> throw new FunctionException("can't convert " + GoValues.type(argument) + " to float");
        };
    }

    private static String fourDigits(double value) {
        return GoPrinter.format("%.4g", List.of(value));
    }
}
