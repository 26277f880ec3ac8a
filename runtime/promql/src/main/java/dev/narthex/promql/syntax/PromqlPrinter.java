// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import dev.narthex.model.GoFloat;
import dev.narthex.model.LabelMatcher;
import dev.narthex.model.LabelNames;
import dev.narthex.model.Labels;
import dev.narthex.model.PromDuration;
import dev.narthex.model.QuotedString;
import dev.narthex.model.Utf8Order;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes expressions as PromQL on one line, in the form in which Prometheus prints them. */
public final class PromqlPrinter {
    private final StringBuilder out = new StringBuilder(64);

    private PromqlPrinter() {}

    /** The text of an expression; parsing it gives an equal expression but for positions. */
    public static String print(Expr expr) {
        PromqlPrinter printer = new PromqlPrinter();
        printer.expr(expr);
        return printer.out.toString();
    }

    /** What an aggregation has in front of its parenthesis. */
    static String headOf(Expr.Aggregation aggregation) {
        PromqlPrinter printer = new PromqlPrinter();
        printer.head(aggregation);
        return printer.out.toString();
    }

    /** An operator with its modifiers. */
    static String operatorOf(Expr.Binary binary) {
        PromqlPrinter printer = new PromqlPrinter();
        printer.operator(binary);
        return printer.out.toString();
    }

    /** What a subquery has behind its expression. */
    static String windowOf(Expr.Subquery subquery) {
        PromqlPrinter printer = new PromqlPrinter();
        printer.window(subquery);
        return printer.out.toString();
    }

    private void expr(Expr expr) {
        switch (expr) {
            case Expr.NumberLiteral number -> out.append(number(number));
            case Expr.StringLiteral string -> QuotedString.append(out, string.value());
            case Expr.VectorSelector selector -> {
                selector(selector);
                at(selector.at());
                extension(selector.modifier());
                offset(selector.offset());
            }
            case Expr.MatrixSelector matrix -> {
                selector(matrix.selector());
                out.append('[');
                duration(matrix.range());
                out.append(']');
                extension(matrix.selector().modifier());
                at(matrix.selector().at());
                offset(matrix.selector().offset());
            }
            case Expr.Subquery subquery -> subquery(subquery);
            case Expr.Call call -> {
                out.append(call.function().name());
                arguments(call.arguments());
            }
            case Expr.Aggregation aggregation -> aggregation(aggregation);
            case Expr.Binary binary -> binary(binary);
            case Expr.Unary unary -> {
                out.append(unary.negative() ? '-' : '+');
                expr(unary.inner());
            }
            case Expr.Paren paren -> {
                out.append('(');
                expr(paren.inner());
                out.append(')');
            }
        }
    }

    private static String number(Expr.NumberLiteral number) {
        return number.duration() ? PromDuration.format(millis(number.value())) : GoFloat.fixed(number.value());
    }

    private void selector(Expr.VectorSelector selector) {
        boolean named = !selector.name().isEmpty();
        List<String> matchers = selector.matchers().stream()
                .filter(matcher -> !named || !matcher.name().equals(Labels.METRIC_NAME))
                .map(LabelMatcher::toString)
                .sorted(Utf8Order.COMPARATOR)
                .toList();
        out.append(selector.name());
        if (!named || !matchers.isEmpty()) {
            out.append('{').append(String.join(",", matchers)).append('}');
        }
    }

    private void extension(RangeModifier modifier) {
        if (modifier != RangeModifier.NONE) {
            out.append(' ').append(modifier.text());
        }
    }

    private void at(@Nullable AtModifier at) {
        switch (at) {
            case null -> {
                // No moment is given.
            }
            case AtModifier.Timestamp timestamp ->
                out.append(String.format(Locale.ROOT, " @ %.3f", timestamp.timestampMs() / 1000.0));
            case AtModifier.Start _ -> out.append(" @ start()");
            case AtModifier.End _ -> out.append(" @ end()");
        }
    }

    private void offset(@Nullable DurationExpr offset) {
        if (offset != null && Modifiers.isSet(offset)) {
            out.append(" offset ");
            duration(offset);
        }
    }

    private void subquery(Expr.Subquery subquery) {
        expr(subquery.inner());
        window(subquery);
    }

    private void window(Expr.Subquery subquery) {
        out.append('[');
        duration(subquery.range());
        out.append(':');
        DurationExpr resolution = subquery.resolution();
        if (resolution != null) {
            duration(resolution);
        }
        out.append(']');
        at(subquery.at());
        offset(subquery.offset());
    }

    private void duration(DurationExpr duration) {
        if (duration instanceof DurationExpr.Literal literal) {
            // Alone, a number is a duration too.
            out.append(PromDuration.format(millis(literal.seconds())));
        } else {
            operand(duration);
        }
    }

    private void operand(DurationExpr duration) {
        switch (duration) {
            case DurationExpr.Literal literal ->
                out.append(
                        literal.duration()
                                ? PromDuration.format(millis(literal.seconds()))
                                : GoFloat.fixed(literal.seconds()));
            case DurationExpr.Step _ -> out.append("step()");
            case DurationExpr.Range _ -> out.append("range()");
            case DurationExpr.MinOf min -> pair("min_of", min.left(), min.right());
            case DurationExpr.MaxOf max -> pair("max_of", max.left(), max.right());
            case DurationExpr.Operation operation -> {
                operand(operation.left());
                out.append(' ').append(operation.op().symbol()).append(' ');
                operand(operation.right());
            }
            case DurationExpr.Negation negation -> {
                out.append('-');
                operand(negation.inner());
            }
            case DurationExpr.Paren paren -> {
                out.append('(');
                operand(paren.inner());
                out.append(')');
            }
        }
    }

    private void pair(String name, DurationExpr left, DurationExpr right) {
        out.append(name).append('(');
        operand(left);
        out.append(", ");
        operand(right);
        out.append(')');
    }

    private static long millis(double seconds) {
        return Math.round(seconds * 1000);
    }

    private void arguments(List<Expr> arguments) {
        out.append('(');
        for (int i = 0; i < arguments.size(); i++) {
            if (i > 0) {
                out.append(", ");
            }
            expr(arguments.get(i));
        }
        out.append(')');
    }

    private void head(Expr.Aggregation aggregation) {
        out.append(aggregation.op().text());
        if (aggregation.without() || !aggregation.grouping().isEmpty()) {
            out.append(aggregation.without() ? " without (" : " by (");
            labels(aggregation.grouping());
            out.append(") ");
        }
    }

    private void aggregation(Expr.Aggregation aggregation) {
        head(aggregation);
        Expr parameter = aggregation.parameter();
        arguments(parameter == null ? List.of(aggregation.inner()) : List.of(parameter, aggregation.inner()));
    }

    private void labels(List<String> labels) {
        for (int i = 0; i < labels.size(); i++) {
            if (i > 0) {
                out.append(", ");
            }
            // Prometheus prints a label called inf or nan without quotes, and cannot read it again.
            if (LabelNames.isClassic(labels.get(i)) && !Lexer.isNumber(labels.get(i))) {
                out.append(labels.get(i));
            } else {
                QuotedString.append(out, labels.get(i));
            }
        }
    }

    private void binary(Expr.Binary binary) {
        expr(binary.left());
        out.append(' ');
        operator(binary);
        out.append(' ');
        expr(binary.right());
    }

    private void operator(Expr.Binary binary) {
        out.append(binary.op().symbol());
        if (binary.returnBool()) {
            out.append(" bool");
        }
        VectorMatching matching = binary.matching();
        if (matching != null) {
            matching(matching);
        }
    }

    private void matching(VectorMatching matching) {
        boolean grouped = matching.cardinality() == VectorMatching.Cardinality.MANY_TO_ONE
                || matching.cardinality() == VectorMatching.Cardinality.ONE_TO_MANY;
        if (matching.on() || grouped || !matching.labels().isEmpty()) {
            out.append(matching.on() ? " on (" : " ignoring (");
            labels(matching.labels());
            out.append(')');
        }
        if (grouped) {
            out.append(
                    matching.cardinality() == VectorMatching.Cardinality.MANY_TO_ONE
                            ? " group_left ("
                            : " group_right (");
            labels(matching.include());
            out.append(')');
        }
        Double left = matching.fillLeft();
        Double right = matching.fillRight();
        if (left != null && right != null && left.doubleValue() == right.doubleValue()) {
            fill(" fill (", left);
        } else {
            fill(" fill_left (", left);
            fill(" fill_right (", right);
        }
    }

    private void fill(String modifier, @Nullable Double value) {
        if (value != null) {
            out.append(modifier).append(GoFloat.general(value)).append(')');
        }
    }
}
