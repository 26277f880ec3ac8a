// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that the parts of an expression have the types that they must have, and that all of it is enabled. */
final class TypeChecker {
    private final String query;
    private final Set<PromqlFeature> features;

    TypeChecker(String query, Set<PromqlFeature> features) {
        this.query = query;
        this.features = features;
    }

    void check(Expr expr) {
        switch (expr) {
            case Expr.NumberLiteral _, Expr.StringLiteral _ -> {
                // Nothing can be wrong with them.
            }
            case Expr.VectorSelector selector -> selector(selector);
            case Expr.MatrixSelector matrix -> selector(matrix.selector());
            case Expr.Subquery subquery -> subquery(subquery);
            case Expr.Call call -> call(call);
            case Expr.Aggregation aggregation -> aggregation(aggregation);
            case Expr.Binary binary -> binary(binary);
            case Expr.Unary unary -> unary(unary);
            case Expr.Paren paren -> check(paren.inner());
        }
    }

    private void selector(Expr.VectorSelector selector) {
        List<LabelMatcher> matchers = selector.matchers();
        checkNames(selector);
        if (matchers.stream().allMatch(LabelMatcher::matchesEmpty)) {
            throw error(
                    selector.position(),
                    "vector selector must contain at least one non-empty matcher",
                    "a metric name, or a matcher that no empty value meets");
        }
    }

    /** A metric name in front of the braces is the only one. */
    void checkNames(Expr.VectorSelector selector) {
        if (selector.name().isEmpty()) {
            return;
        }
        for (LabelMatcher matcher :
                selector.matchers().subList(0, selector.matchers().size() - 1)) {
            if (matcher.name().equals(Labels.METRIC_NAME)) {
                throw error(
                        selector.position(),
                        "metric name must not be set twice: \"" + selector.name() + "\" or \"" + matcher.value() + "\"",
                        "the name in front of the braces or within, not both");
            }
        }
    }

    private void subquery(Expr.Subquery subquery) {
        check(subquery.inner());
        ValueType type = subquery.inner().type();
        if (type != ValueType.INSTANT_VECTOR) {
            throw error(
                    subquery.inner().position(),
                    "subquery is only allowed on instant vector, got "
                            + (type == ValueType.RANGE_VECTOR ? "matrix" : type.text()) + " instead",
                    "an instant vector in front of \"[\"");
        }
    }

    private void call(Expr.Call call) {
        Function function = call.function();
        if (function.experimental() && !features.contains(PromqlFeature.EXPERIMENTAL_FUNCTIONS)) {
            throw error(
                    call.position(),
                    "function \"" + function.name() + "\" is not enabled",
                    "--enable-feature=" + PromqlFeature.EXPERIMENTAL_FUNCTIONS.flag());
        }
        argumentCount(call);
        for (int i = 0; i < call.arguments().size(); i++) {
            Expr argument = call.arguments().get(i);
            if (i == 1 && function.name().equals("info")) {
                labelSelector(call, argument);
                continue;
            }
            check(argument);
            expect(argument, function.argumentType(i), "call to function \"" + function.name() + "\"");
        }
    }

    /** The second argument of {@code info}: conditions in braces, which may be empty. */
    private void labelSelector(Expr.Call call, Expr argument) {
        if (argument.type() != ValueType.INSTANT_VECTOR) {
            throw error(
                    call.position(),
                    "expected type instant vector in call to function \"info\", got "
                            + argument.type().text(),
                    "");
        }
        if (!(argument instanceof Expr.VectorSelector selector)) {
            throw error(argument.position(), "expected label selectors only", "");
        }
        if (!selector.name().isEmpty()) {
            throw error(argument.position(), "expected label selectors only, got vector selector instead", "");
        }
    }

    private void argumentCount(Expr.Call call) {
        Function function = call.function();
        int count = call.arguments().size();
        String expected;
        if (function.minArguments() == function.maxArguments()) {
            expected = count == function.minArguments() ? "" : "expected " + function.minArguments();
        } else if (count < function.minArguments()) {
            expected = "expected at least " + function.minArguments();
        } else {
            expected = count > function.maxArguments() ? "expected at most " + function.maxArguments() : "";
        }
        if (!expected.isEmpty()) {
            throw error(
                    call.position(),
                    expected + " argument(s) in call to \"" + function.name() + "\", got " + count,
                    "");
        }
    }

    private void aggregation(Expr.Aggregation aggregation) {
        check(aggregation.inner());
        expect(aggregation.inner(), ValueType.INSTANT_VECTOR, "aggregation expression");
        Expr parameter = aggregation.parameter();
        ValueType type = aggregation.op().parameterType();
        if (parameter != null && type != null) {
            check(parameter);
            expect(parameter, type, "aggregation parameter");
        }
    }

    private void binary(Expr.Binary binary) {
        BinaryOp op = binary.op();
        ValueType left = binary.left().type();
        ValueType right = binary.right().type();
        check(binary.left());
        check(binary.right());
        if (binary.returnBool() && !op.isComparison()) {
            throw error(
                    binary.opPosition(),
                    "bool modifier can only be used on comparison operators",
                    "one of == != < <= > >= in front of \"bool\"");
        }
        if (op.isComparison() && !binary.returnBool() && left == ValueType.SCALAR && right == ValueType.SCALAR) {
            throw error(
                    binary.opPosition(),
                    "comparisons between scalars must use BOOL modifier",
                    "\"bool\" behind " + op.symbol());
        }
        onAndGroup(binary, binary.matching());
        operand(binary.left());
        operand(binary.right());
        matching(binary, binary.matching());
        boolean scalar = left == ValueType.SCALAR || right == ValueType.SCALAR;
        if (op.isSet() && scalar) {
            throw error(
                    binary.position(),
                    "set operator \"" + op.symbol() + "\" not allowed in binary scalar expression",
                    "instant vectors on both sides");
        }
    }

    private void operand(Expr expr) {
        if (expr.type() != ValueType.SCALAR && expr.type() != ValueType.INSTANT_VECTOR) {
            throw error(
                    expr.position(),
                    "binary expression must contain only scalar and instant vector types",
                    "a scalar or an instant vector, got " + expr.type().text());
        }
    }

    private void onAndGroup(Expr.Binary binary, @Nullable VectorMatching matching) {
        if (matching != null && matching.on()) {
            for (String label : matching.labels()) {
                if (matching.include().contains(label)) {
                    throw error(
                            binary.opPosition(),
                            "label \"" + label + "\" must not occur in ON and GROUP clause at once",
                            "it in one of both");
                }
            }
        }
    }

    private void matching(Expr.Binary binary, @Nullable VectorMatching matching) {
        if (matching == null) {
            return;
        }
        boolean vectors = binary.left().type() == ValueType.INSTANT_VECTOR
                && binary.right().type() == ValueType.INSTANT_VECTOR;
        boolean fills = matching.fillLeft() != null || matching.fillRight() != null;
        if (!vectors && !matching.labels().isEmpty()) {
            throw error(
                    binary.position(),
                    "vector matching only allowed between instant vectors",
                    "two instant vectors, or no \"on\" and \"ignoring\"");
        }
        if (!vectors && fills) {
            throw error(
                    binary.position(),
                    "filling in missing series only allowed between instant vectors",
                    "two instant vectors, or no \"fill\"");
        }
        boolean grouped = matching.cardinality() == VectorMatching.Cardinality.MANY_TO_ONE
                || matching.cardinality() == VectorMatching.Cardinality.ONE_TO_MANY;
        if (vectors && binary.op().isSet() && grouped) {
            throw error(
                    binary.position(),
                    "no grouping allowed for \"" + binary.op().symbol() + "\" operation",
                    "no \"group_left\" and \"group_right\"");
        }
        if (binary.op().isSet() && fills) {
            throw error(
                    binary.position(),
                    "filling in missing series not allowed for set operators",
                    "an arithmetic operator or a comparison");
        }
    }

    private void unary(Expr.Unary unary) {
        check(unary.inner());
        ValueType type = unary.inner().type();
        if (type != ValueType.SCALAR && type != ValueType.INSTANT_VECTOR) {
            throw error(
                    unary.position(),
                    "unary expression only allowed on expressions of type scalar or instant vector, got \""
                            + type.text() + "\"",
                    "a scalar or an instant vector");
        }
    }

    private void expect(Expr expr, ValueType type, String context) {
        if (expr.type() != type) {
            throw error(
                    expr.position(),
                    "expected type " + type.text() + " in " + context + ", got "
                            + expr.type().text(),
                    "");
        }
    }

    private PromqlParseException error(PositionRange position, String problem, String expected) {
        return new PromqlParseException(query, position, problem, expected);
    }
}
