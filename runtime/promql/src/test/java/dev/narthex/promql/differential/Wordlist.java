// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.differential;

import dev.narthex.promql.syntax.AtModifier;
import dev.narthex.promql.syntax.DurationExpr;
import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.RangeModifier;
import dev.narthex.promql.syntax.VectorMatching;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What of the language is in an expression: functions, aggregations, operators, and modifiers by what they mean. */
final class Wordlist {
    /** All modifiers that there are. */
    static final List<String> MODIFIERS = List.of(
            "@ moment",
            "@ start()",
            "@ end()",
            "offset",
            "offset back to the future",
            "offset that is worked out",
            "range that is worked out",
            "subquery",
            "subquery with a resolution",
            "subquery with @",
            "anchored",
            "smoothed range",
            "smoothed",
            "range alone",
            "unary -",
            "unary +",
            "bool",
            "on",
            "ignoring",
            "group_left",
            "group_left with labels",
            "group_right",
            "fill",
            "fill_left",
            "fill_right",
            "by",
            "without",
            "duration as a number",
            "=",
            "!=",
            "=~",
            "!~");

    private final Set<String> words = new TreeSet<>();

    Wordlist(Expr expr) {
        if (expr instanceof Expr.MatrixSelector) {
            words.add("range alone");
        }
        add(expr);
    }

    Set<String> words() {
        return words;
    }

    private void add(Expr expr) {
        switch (expr) {
            case Expr.NumberLiteral number -> addIf(number.duration(), "duration as a number");
            case Expr.StringLiteral _ -> {
                // In all label functions.
            }
            case Expr.VectorSelector selector -> {
                addIf(selector.modifier() == RangeModifier.SMOOTHED, "smoothed");
                add(selector);
            }
            case Expr.MatrixSelector matrix -> {
                addIf(matrix.selector().modifier() == RangeModifier.SMOOTHED, "smoothed range");
                addIf(matrix.selector().modifier() == RangeModifier.ANCHORED, "anchored");
                addIf(!(matrix.range() instanceof DurationExpr.Literal), "range that is worked out");
                add(matrix.selector());
            }
            case Expr.Subquery subquery -> {
                words.add(subquery.resolution() == null ? "subquery" : "subquery with a resolution");
                addIf(subquery.at() != null, "subquery with @");
                addIf(!(subquery.range() instanceof DurationExpr.Literal), "range that is worked out");
                add(subquery.at());
                add(subquery.offset());
                add(subquery.inner());
            }
            case Expr.Call call -> {
                words.add(call.function().name());
                call.arguments().forEach(this::add);
            }
            case Expr.Binary binary -> {
                words.add(binary.op().symbol());
                addIf(binary.returnBool(), "bool");
                add(binary.matching());
                add(binary.left());
                add(binary.right());
            }
            case Expr.Unary unary -> {
                words.add(unary.negative() ? "unary -" : "unary +");
                add(unary.inner());
            }
            case Expr.Paren paren -> add(paren.inner());
            case Expr.Aggregation aggregation -> {
                words.add(aggregation.op().text());
                addIf(aggregation.without(), "without");
                addIf(!aggregation.without() && !aggregation.grouping().isEmpty(), "by");
                if (aggregation.parameter() != null) {
                    add(aggregation.parameter());
                }
                add(aggregation.inner());
            }
        }
    }

    private void add(Expr.VectorSelector selector) {
        selector.matchers().forEach(matcher -> words.add(matcher.op().symbol()));
        add(selector.at());
        add(selector.offset());
    }

    private void add(@Nullable AtModifier at) {
        if (at != null) {
            words.add(
                    switch (at) {
                        case AtModifier.Timestamp _ -> "@ moment";
                        case AtModifier.Start _ -> "@ start()";
                        case AtModifier.End _ -> "@ end()";
                    });
        }
    }

    private void add(@Nullable DurationExpr offset) {
        if (offset != null) {
            boolean literal = offset instanceof DurationExpr.Literal
                    || (offset instanceof DurationExpr.Negation negation
                            && negation.inner() instanceof DurationExpr.Literal);
            words.add(literal ? "offset" : "offset that is worked out");
            addIf(offset.seconds(1000, 1000) < 0, "offset back to the future");
        }
    }

    private void add(@Nullable VectorMatching matching) {
        if (matching == null) {
            return;
        }
        addIf(matching.on(), "on");
        addIf(!matching.on() && !matching.labels().isEmpty(), "ignoring");
        switch (matching.cardinality()) {
            case MANY_TO_ONE -> words.add(matching.include().isEmpty() ? "group_left" : "group_left with labels");
            case ONE_TO_MANY -> words.add("group_right");
            case ONE_TO_ONE, MANY_TO_MANY -> {
                // As without a word.
            }
        }
        boolean left = matching.fillLeft() != null;
        boolean right = matching.fillRight() != null;
        addIf(left && right, "fill");
        addIf(left && !right, "fill_left");
        addIf(right && !left, "fill_right");
    }

    private void addIf(boolean condition, String word) {
        if (condition) {
            words.add(word);
        }
    }
}
