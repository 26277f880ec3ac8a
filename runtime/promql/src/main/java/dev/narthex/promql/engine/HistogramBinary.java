// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

import dev.narthex.model.FloatHistogram;
import dev.narthex.model.HistogramArithmetic;
import dev.narthex.model.HistogramTrim;
import dev.narthex.promql.engine.AnnotationCollector.Annotator;
import dev.narthex.promql.syntax.BinaryOp;
import org.jspecify.annotations.Nullable;

/**
 * A binary operator where native histograms are among its operands, step by step. What has no meaning gives nothing, and is
 * said (Prometheus documentation, "Operators").
 */
final class HistogramBinary {
    private final BinaryOp op;
    private final boolean returnBool;
    private final Annotator annotator;
    private final @Nullable Note[] notes;

    HistogramBinary(BinaryOp op, boolean returnBool, Annotator annotator, int steps) {
        this.notes = new Note[steps];
        this.op = op;
        this.returnBool = returnBool;
        this.annotator = annotator;
    }

    /** What is said at a step last, which is all that is said: so it is in Prometheus. */
    private record Note(String text, boolean warning) {}

    /** Says what there is to say, after all series. */
    void finish() {
        for (Note note : notes) {
            if (note != null && note.warning()) {
                annotator.warn(note.text());
            } else if (note != null) {
                annotator.inform(note.text());
            }
        }
    }

    private void note(int step, String text, boolean warning) {
        notes[step] = new Note(text, warning);
    }

    /** An operand at a step: a histogram, or a number where it is null. */
    record Operand(double number, @Nullable FloatHistogram histogram) {
        private String type() {
            return histogram == null ? "float" : "histogram";
        }
    }

    /** Whether it is an operator that has a meaning for numbers. */
    private boolean takesNumbers() {
        return op.kind() != BinaryOp.Kind.HISTOGRAM;
    }

    /** Whether it lets through what it is true of. */
    boolean isFilter() {
        return op.isComparison() && !returnBool;
    }

    /** Whether the operator has a meaning for two operands: a comparison has, whether it holds or not. */
    boolean hasResult(Operand left, Operand right) {
        FloatHistogram leftHistogram = left.histogram();
        FloatHistogram rightHistogram = right.histogram();
        if (leftHistogram == null) {
            return rightHistogram == null ? takesNumbers() : op == BinaryOp.MULTIPLY;
        }
        if (rightHistogram == null) {
            return op == BinaryOp.MULTIPLY || op == BinaryOp.DIVIDE || op.kind() == BinaryOp.Kind.HISTOGRAM;
        }
        return switch (op) {
            case EQUAL, NOT_EQUAL -> true;
            case ADD, SUBTRACT ->
                leftHistogram.isCompatible(rightHistogram)
                        && !HistogramArithmetic.conflict(
                                leftHistogram.counterResetHint(), rightHistogram.counterResetHint());
            case OR,
                    AND,
                    UNLESS,
                    LESS_OR_EQUAL,
                    LESS,
                    GREATER_OR_EQUAL,
                    GREATER,
                    MULTIPLY,
                    DIVIDE,
                    MODULO,
                    ATAN2,
                    POWER,
                    TRIM_UPPER,
                    TRIM_LOWER -> false;
        };
    }

    /** Sets the result at a step of a column, which has been there or not, or takes the step away. */
    void apply(Operand left, Operand right, Column into, int step) {
        FloatHistogram leftHistogram = left.histogram();
        FloatHistogram rightHistogram = right.histogram();
        if (leftHistogram == null && rightHistogram == null && takesNumbers()) {
            numbers(left.number(), right.number(), into, step);
            return;
        }
        FloatHistogram result;
        if (leftHistogram != null && rightHistogram != null) {
            if (op.isComparison() && compare(leftHistogram, rightHistogram, into, step)) {
                return;
            }
            result = op.isComparison() ? null : ofTwo(leftHistogram, rightHistogram, step);
        } else if (leftHistogram != null) {
            result = withNumber(leftHistogram, right.number());
        } else {
            result = rightHistogram != null && op == BinaryOp.MULTIPLY
                    ? rightHistogram.times(left.number()).compact()
                    : null;
        }
        if (result == null) {
            Presence.remove(into.present(), step);
            if (!isOfTwo(leftHistogram, rightHistogram)) {
                note(
                        step,
                        "incompatible sample types encountered for binary operator \"" + op.symbol() + "\": "
                                + left.type() + " " + op.symbol() + " " + right.type(),
                        false);
            }
        } else {
            into.set(step, result);
        }
    }

    /** Whether the operator has a meaning for two histograms, so that only their buckets can be in the way. */
    private boolean isOfTwo(@Nullable FloatHistogram left, @Nullable FloatHistogram right) {
        return left != null && right != null && (op == BinaryOp.ADD || op == BinaryOp.SUBTRACT);
    }

    private void numbers(double left, double right, Column into, int step) {
        if (op.isComparison()) {
            boolean holds = Arithmetic.holds(op, left, right);
            if (returnBool) {
                into.set(step, holds ? 1 : 0);
            } else if (holds) {
                into.set(step, left);
            } else {
                Presence.remove(into.present(), step);
            }
            return;
        }
        double[] result = new double[1];
        Arithmetic.apply(op, new double[] {left}, new double[] {right}, result);
        into.set(step, result[0]);
    }

    /** Compares for being equal or not; false where the operator compares otherwise, which histograms do not. */
    private boolean compare(FloatHistogram left, FloatHistogram right, Column into, int step) {
        if (op != BinaryOp.EQUAL && op != BinaryOp.NOT_EQUAL) {
            return false;
        }
        boolean holds = left.isSame(right) == (op == BinaryOp.EQUAL);
        if (returnBool) {
            into.set(step, holds ? 1 : 0);
        } else if (holds) {
            into.set(step, left);
        } else {
            Presence.remove(into.present(), step);
        }
        return true;
    }

    private @Nullable FloatHistogram ofTwo(FloatHistogram left, FloatHistogram right, int step) {
        if (op != BinaryOp.ADD && op != BinaryOp.SUBTRACT) {
            return null;
        }
        if (!left.isCompatible(right)) {
            note(step, "incompatible bucket layout encountered for binary operator " + op.symbol(), true);
            return null;
        }
        String operation = op == BinaryOp.ADD ? "addition" : "subtraction";
        HistogramArithmetic.Outcome outcome =
                op == BinaryOp.ADD ? HistogramArithmetic.add(left, right) : HistogramArithmetic.subtract(left, right);
        if (outcome.boundsReconciled()) {
            note(step, HistogramNotes.RECONCILED + operation, false);
        }
        if (outcome.resetsConflict()) {
            note(step, HistogramNotes.CONFLICT + operation, true);
            return null;
        }
        return outcome.histogram().compact();
    }

    private @Nullable FloatHistogram withNumber(FloatHistogram left, double right) {
        return switch (op) {
            case MULTIPLY -> left.times(right).compact();
            case DIVIDE -> left.dividedBy(right).compact();
            case TRIM_UPPER -> HistogramTrim.below(left, right);
            case TRIM_LOWER -> HistogramTrim.above(left, right);
            case OR,
                    AND,
                    UNLESS,
                    EQUAL,
                    NOT_EQUAL,
                    LESS_OR_EQUAL,
                    LESS,
                    GREATER_OR_EQUAL,
                    GREATER,
                    ADD,
                    SUBTRACT,
                    MODULO,
                    ATAN2,
                    POWER -> null;
        };
    }
}
