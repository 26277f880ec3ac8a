// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions of one number. */
final class MathFunctions {
    private static final double LN_2 = Math.log(2);
    /** Beyond this, the other exponential of a hyperbolic function is below the last bit. */
    private static final double EXPONENTIAL_ALONE = 21;

    private static final Map<String, MapOperator.ValueFunction> BY_NAME = byName();

    private MathFunctions() {}

    static MapOperator.@Nullable ValueFunction find(String name) {
        return BY_NAME.get(name);
    }

    private static Map<String, MapOperator.ValueFunction> byName() {
        Map<String, MapOperator.ValueFunction> functions = new HashMap<>();
        functions.put("abs", Math::abs);
        functions.put("acos", Math::acos);
        functions.put("acosh", MathFunctions::acosh);
        functions.put("asin", Math::asin);
        functions.put("asinh", MathFunctions::asinh);
        functions.put("atan", Math::atan);
        functions.put("atanh", x -> 0.5 * (Math.log1p(x) - Math.log1p(-x)));
        functions.put("ceil", Math::ceil);
        functions.put("cos", Math::cos);
        functions.put("cosh", MathFunctions::cosh);
        functions.put("deg", x -> x * 180 / Math.PI);
        functions.put("exp", Math::exp);
        functions.put("floor", Math::floor);
        functions.put("ln", Math::log);
        functions.put("log10", Math::log10);
        functions.put("log2", MathFunctions::log2);
        functions.put("rad", x -> x * Math.PI / 180);
        functions.put("sgn", Math::signum);
        functions.put("sin", Math::sin);
        functions.put("sinh", MathFunctions::sinh);
        functions.put("sqrt", Math::sqrt);
        functions.put("tan", Math::tan);
        functions.put("tanh", Math::tanh);
        functions.put("day_of_month", UtcCalendar::dayOfMonth);
        functions.put("day_of_week", UtcCalendar::dayOfWeek);
        functions.put("day_of_year", UtcCalendar::dayOfYear);
        functions.put("days_in_month", UtcCalendar::daysInMonth);
        functions.put("hour", UtcCalendar::hour);
        functions.put("minute", UtcCalendar::minute);
        functions.put("month", UtcCalendar::month);
        functions.put("year", UtcCalendar::year);
        return Map.copyOf(functions);
    }

    /** Infinite a little earlier than need be, as in Go: from where the exponential function is. */
    private static double cosh(double x) {
        return Math.abs(x) > EXPONENTIAL_ALONE ? Math.exp(Math.abs(x)) * 0.5 : Math.cosh(x);
    }

    private static double sinh(double x) {
        return Math.abs(x) > EXPONENTIAL_ALONE ? Math.copySign(Math.exp(Math.abs(x)) * 0.5, x) : Math.sinh(x);
    }

    private static double acosh(double x) {
        if (x < 1) {
            return Double.NaN;
        }
        if (x > 1e150) {
            return Math.log(x) + LN_2;
        }
        double above = x - 1;
        return Math.log1p(above + Math.sqrt(2 * above + above * above));
    }

    private static double asinh(double x) {
        if (x == 0 || Double.isInfinite(x)) {
            return x;
        }
        double size = Math.abs(x);
        // log1p keeps the digits of small numbers.
        double result = size > 1e150
                ? Math.log(size) + LN_2
                : Math.log1p(size + size * size / (1 + Math.sqrt(size * size + 1)));
        return Math.copySign(result, x);
    }

    /** The exponent apart from the rest, so that powers of two come out exact. */
    private static double log2(double x) {
        if (!(x >= Double.MIN_NORMAL) || Double.isInfinite(x)) {
            return Math.log(x) / LN_2;
        }
        int exponent = Math.getExponent(x) + 1;
        double fraction = Math.scalb(x, -exponent);
        return fraction == 0.5 ? exponent - 1 : exponent + Math.log(fraction) * (1 / LN_2);
    }
}
