// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.promql.syntax.BinaryOp;

/** Binary operators on columns of numbers: one loop an operator, over all steps whether they have values or not. */
final class Arithmetic {
    private Arithmetic() {}

    /** Writes the results of an arithmetic operator; the array of the results may be one of the operands. */
    static void apply(BinaryOp op, double[] left, double[] right, double[] into) {
        int steps = into.length;
        switch (op) {
            case ADD -> {
                for (int i = 0; i < steps; i++) {
                    into[i] = left[i] + right[i];
                }
            }
            case SUBTRACT -> {
                for (int i = 0; i < steps; i++) {
                    into[i] = left[i] - right[i];
                }
            }
            case MULTIPLY -> {
                for (int i = 0; i < steps; i++) {
                    into[i] = left[i] * right[i];
                }
            }
            case DIVIDE -> {
                for (int i = 0; i < steps; i++) {
                    into[i] = left[i] / right[i];
                }
            }
            case MODULO -> {
                for (int i = 0; i < steps; i++) {
                    into[i] = left[i] % right[i];
                }
            }
            case POWER -> {
                for (int i = 0; i < steps; i++) {
                    into[i] = power(left[i], right[i]);
                }
            }
            case ATAN2 -> {
                for (int i = 0; i < steps; i++) {
                    into[i] = Math.atan2(left[i], right[i]);
                }
            }
            case EQUAL,
                    NOT_EQUAL,
                    LESS,
                    LESS_OR_EQUAL,
                    GREATER,
                    GREATER_OR_EQUAL,
                    AND,
                    OR,
                    UNLESS,
                    TRIM_UPPER,
                    TRIM_LOWER -> throw notOf(op);
        }
    }

    /** Takes away the steps of a set at which a comparison does not hold. */
    static void filter(BinaryOp op, double[] left, double[] right, long[] present) {
        for (int word = 0; word < present.length; word++) {
            long kept = present[word];
            for (long bits = kept; bits != 0; bits &= bits - 1) {
                int bit = Long.numberOfTrailingZeros(bits);
                int step = word * Long.SIZE + bit;
                if (!holds(op, left[step], right[step])) {
                    kept &= ~(1L << bit);
                }
            }
            present[word] = kept;
        }
    }

    /** Writes 1 where a comparison holds and 0 where it does not. */
    static void compare(BinaryOp op, double[] left, double[] right, double[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = holds(op, left[i], right[i]) ? 1 : 0;
        }
    }

    static boolean holds(BinaryOp op, double left, double right) {
        return switch (op) {
            case EQUAL -> left == right;
            case NOT_EQUAL -> left != right;
            case LESS -> left < right;
            case LESS_OR_EQUAL -> left <= right;
            case GREATER -> left > right;
            case GREATER_OR_EQUAL -> left >= right;
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, POWER, ATAN2, AND, OR, UNLESS, TRIM_UPPER, TRIM_LOWER ->
                throw notOf(op);
        };
    }

    private static IllegalArgumentException notOf(BinaryOp op) {
        return new IllegalArgumentException("operator " + op.symbol() + " is not of this kind");
    }

    /** The greater of two as Go has it: infinity is greater than a not-a-number. */
    static double max(double left, double right) {
        return left == Double.POSITIVE_INFINITY || right == Double.POSITIVE_INFINITY
                ? Double.POSITIVE_INFINITY
                : Math.max(left, right);
    }

    /** The lesser of two as Go has it: negative infinity is less than a not-a-number. */
    static double min(double left, double right) {
        return left == Double.NEGATIVE_INFINITY || right == Double.NEGATIVE_INFINITY
                ? Double.NEGATIVE_INFINITY
                : Math.min(left, right);
    }

    /** A power as C and Go have it: 1 to anything is 1, and -1 to an infinite power too. */
    static double power(double base, double exponent) {
        if (base == 1 || (base == -1 && Double.isInfinite(exponent))) {
            return 1;
        }
        return Math.pow(base, exponent);
    }
}
