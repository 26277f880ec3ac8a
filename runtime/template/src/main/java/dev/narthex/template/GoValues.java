// SPDX-License-Identifier: Apache-2.0
package dev.narthex.template;

import dev.narthex.model.Utf8Order;
import org.jspecify.annotations.Nullable;

/** What Go says of values: their type, their truth, their order. */
final class GoValues {
    private GoValues() {}

    /** The name of a value's type in Go. */
    static String type(@Nullable Object value) {
        return switch (value) {
            case null -> "<nil>";
            case Boolean _ -> "bool";
            case Long _ -> "int";
            case Double _ -> "float64";
            case String _ -> "string";
            case SafeText _ -> "template.HTML";
            case GoValue other -> other.goType();
            default -> throw unknown(value);
        };
    }

    /** Whether a value counts as true: it is not false, zero, nil or empty. */
    static boolean isTrue(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean bool -> bool;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            case SafeText text -> !text.text().isEmpty();
            case GoMap map -> !map.entries().isEmpty();
            case GoList list -> !list.items().isEmpty();
            case GoDuration duration -> duration.nanos() != 0;
            case GoComplex complex -> !complex.isZero();
            case GoStruct _, GoTime _ -> true;
            default -> throw unknown(value);
        };
    }

    /** Whether two values are equal, which must be of the same kind. */
    static boolean equal(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return left == null && right == null;
        }
        Object a = plain(left);
        Object b = plain(right);
        if (a instanceof GoMap || a instanceof GoList || b instanceof GoMap || b instanceof GoList) {
            Object other = a instanceof GoMap || a instanceof GoList ? a : b;
            throw new FunctionException("non-comparable type " + GoPrinter.text(other) + ": " + type(other));
        }
        if (!a.getClass().equals(b.getClass())) {
            throw new FunctionException("incompatible types for comparison: " + type(left) + " and " + type(right));
        }
        if (a instanceof GoComplex x && b instanceof GoComplex y) {
            return x.real() == y.real() && x.imaginary() == y.imaginary();
        }
        // Go's equality of numbers: no not-a-number equals anything, and zeros are equal.
        if (a instanceof Double x && b instanceof Double y) {
            return x.doubleValue() == y.doubleValue();
        }
        return a.equals(b);
    }

    /** Whether one value is less than another, which must be of the same ordered kind. */
    static boolean less(@Nullable Object left, @Nullable Object right) {
        Object a = ordered(left);
        Object b = ordered(right);
        if (!a.getClass().equals(b.getClass())) {
            throw new FunctionException("incompatible types for comparison: " + type(left) + " and " + type(right));
        }
        return switch (a) {
            case Long x -> x < (Long) b;
            case Double x -> x < (Double) b;
            case String x -> Utf8Order.compare(x, (String) b) < 0;
            default -> throw new FunctionException("invalid type for comparison");
        };
    }

    private static Object ordered(@Nullable Object value) {
        Object plain = value == null ? "" : plain(value);
        if (value == null || !(plain instanceof Long || plain instanceof Double || plain instanceof String)) {
            throw new FunctionException("invalid type for comparison");
        }
        return plain;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case SafeText text -> text.text();
            case GoDuration duration -> duration.nanos();
            default -> value;
        };
    }

    private static IllegalStateException unknown(Object value) {
        return new IllegalStateException("template value of " + value.getClass());
    }
}
