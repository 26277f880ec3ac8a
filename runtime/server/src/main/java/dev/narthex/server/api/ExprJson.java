// SPDX-License-Identifier: Apache-2.0
package dev.narthex.server.api;

import dev.narthex.model.GoFloat;
import dev.narthex.model.LabelMatcher;
import dev.narthex.promql.syntax.AtModifier;
import dev.narthex.promql.syntax.DurationExpr;
import dev.narthex.promql.syntax.Expr;
import dev.narthex.promql.syntax.Function;
import dev.narthex.promql.syntax.RangeModifier;
import dev.narthex.promql.syntax.ValueType;
import dev.narthex.promql.syntax.VectorMatching;
import dev.narthex.server.http.JsonWriter;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the parts of a query in the form of {@code /api/v1/parse_query}; members of an object in order of their names. */
final class ExprJson {
    private final JsonWriter json;

    ExprJson(JsonWriter json) {
        this.json = json;
    }

    void write(Expr expr) throws IOException {
        json.beginObject();
        switch (expr) {
            case Expr.NumberLiteral number ->
                json.member("type", "numberLiteral").member("val", GoFloat.fixed(number.value()));
            case Expr.StringLiteral text -> json.member("type", "stringLiteral").member("val", text.value());
            case Expr.VectorSelector selector -> selector(selector, null);
            case Expr.MatrixSelector matrix -> selector(matrix.selector(), matrix.range());
            case Expr.Subquery subquery -> subquery(subquery);
            case Expr.Call call -> call(call);
            case Expr.Aggregation aggregation -> aggregation(aggregation);
            case Expr.Binary binary -> binary(binary);
            case Expr.Unary unary -> {
                member("expr", unary.inner());
                json.member("op", unary.negative() ? "-" : "+").member("type", "unaryExpr");
            }
            case Expr.Paren paren -> {
                member("expr", paren.inner());
                json.member("type", "parenExpr");
            }
        }
        json.endObject();
    }

    private void member(String name, @Nullable Expr expr) throws IOException {
        json.name(name);
        if (expr == null) {
            json.nullValue();
        } else {
            write(expr);
        }
    }

    private void selector(Expr.VectorSelector selector, @Nullable DurationExpr range) throws IOException {
        json.member("anchored", selector.modifier() == RangeModifier.ANCHORED)
                .name("matchers")
                .beginArray();
        for (LabelMatcher matcher : selector.matchers()) {
            json.beginObject()
                    .member("name", matcher.name())
                    .member("type", matcher.op().symbol())
                    .member("value", matcher.value())
                    .endObject();
        }
        json.endArray().member("name", selector.name());
        duration("offset", selector.offset());
        if (range != null) {
            duration("range", range);
        }
        json.member("smoothed", selector.modifier() == RangeModifier.SMOOTHED);
        startOrEnd(selector.at());
        timestamp(selector.at());
        json.member("type", range == null ? "vectorSelector" : "matrixSelector");
    }

    private void subquery(Expr.Subquery subquery) throws IOException {
        member("expr", subquery.inner());
        duration("offset", subquery.offset());
        duration("range", subquery.range());
        startOrEnd(subquery.at());
        duration("step", subquery.resolution());
        timestamp(subquery.at());
        json.member("type", "subquery");
    }

    private void startOrEnd(@Nullable AtModifier at) throws IOException {
        json.name("startOrEnd");
        switch (at) {
            case AtModifier.Start _ -> json.string("start");
            case AtModifier.End _ -> json.string("end");
            case AtModifier.Timestamp _ -> json.nullValue();
            case null -> json.nullValue();
        }
    }

    private void timestamp(@Nullable AtModifier at) throws IOException {
        json.name("timestamp");
        if (at instanceof AtModifier.Timestamp fixed) {
            json.number(fixed.timestampMs());
        } else {
            json.nullValue();
        }
    }

    /** A literal as milliseconds, anything else as an expression. */
    private void duration(String name, @Nullable DurationExpr duration) throws IOException {
        boolean literal = duration instanceof DurationExpr.Literal;
        json.member(name, duration instanceof DurationExpr.Literal number ? Math.round(number.seconds() * 1000) : 0L)
                .name(name + "Expr");
        operand(literal ? null : duration, false);
    }

    private void operand(@Nullable DurationExpr duration, boolean wrapped) throws IOException {
        switch (duration) {
            case null -> json.nullValue();
            case DurationExpr.Literal literal
            when !wrapped ->
                json.beginObject()
                        .member("duration", literal.duration())
                        .member("type", "numberLiteral")
                        .member("val", GoFloat.fixed(literal.seconds()))
                        .endObject();
            case DurationExpr.Literal literal -> operation(null, "+", literal, true);
            case DurationExpr.Paren paren -> operand(paren.inner(), true);
            case DurationExpr.Step _ -> operation(null, "step", null, wrapped);
            case DurationExpr.Range _ -> operation(null, "range", null, wrapped);
            case DurationExpr.MinOf min -> operation(min.left(), "min_of", min.right(), wrapped);
            case DurationExpr.MaxOf max -> operation(max.left(), "max_of", max.right(), wrapped);
            case DurationExpr.Negation negation -> operation(null, "-", negation.inner(), wrapped);
            case DurationExpr.Operation operation ->
                operation(operation.left(), operation.op().symbol(), operation.right(), wrapped);
        }
    }

    private void operation(@Nullable DurationExpr left, String op, @Nullable DurationExpr right, boolean wrapped)
            throws IOException {
        json.beginObject().name("lhs");
        operand(left, false);
        json.member("op", op).name("rhs");
        operand(right, false);
        json.member("type", "durationExpr").member("wrapped", wrapped).endObject();
    }

    private void call(Expr.Call call) throws IOException {
        json.name("args").beginArray();
        for (Expr argument : call.arguments()) {
            write(argument);
        }
        json.endArray();
        Function function = call.function();
        boolean unlimited = function.maxArguments() == Integer.MAX_VALUE;
        json.name("func").beginObject().name("argTypes").beginArray();
        int shown = Math.min(function.argumentTypes().size(), function.minArguments() + 1);
        for (ValueType type : function.argumentTypes().subList(0, shown)) {
            json.string(shortName(type));
        }
        json.endArray()
                .member("name", function.name())
                .member("returnType", shortName(function.returnType()))
                .member("variadic", unlimited ? -1L : function.maxArguments() - (long) function.minArguments())
                .endObject()
                .member("type", "call");
    }

    private static String shortName(ValueType type) {
        return switch (type) {
            case INSTANT_VECTOR -> "vector";
            case RANGE_VECTOR -> "matrix";
            case SCALAR -> "scalar";
            case STRING -> "string";
        };
    }

    private void aggregation(Expr.Aggregation aggregation) throws IOException {
        member("expr", aggregation.inner());
        json.name("grouping")
                .strings(aggregation.grouping())
                .member("op", aggregation.op().text());
        member("param", aggregation.parameter());
        json.member("type", "aggregation").member("without", aggregation.without());
    }

    private void binary(Expr.Binary binary) throws IOException {
        json.member("bool", binary.returnBool());
        member("lhs", binary.left());
        json.name("matching");
        VectorMatching matching = binary.matching();
        if (matching == null) {
            json.nullValue();
        } else {
            matching(matching);
        }
        json.member("op", binary.op().symbol());
        member("rhs", binary.right());
        json.member("type", "binaryExpr");
    }

    private void matching(VectorMatching matching) throws IOException {
        json.beginObject()
                .member(
                        "card",
                        matching.cardinality().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .name("fillValues")
                .beginObject();
        fill("lhs", matching.fillLeft());
        fill("rhs", matching.fillRight());
        json.endObject()
                .name("include")
                .strings(matching.include())
                .name("labels")
                .strings(matching.labels())
                .member("on", matching.on())
                .endObject();
    }

    private void fill(String name, @Nullable Double value) throws IOException {
        json.name(name);
        if (value == null) {
            json.nullValue();
        } else {
            json.number(value.doubleValue());
        }
    }

    /** Whether JSON has a form for all numbers of a query that are written as numbers. */
    static boolean isFinite(Expr expr) {
        return switch (expr) {
            case Expr.NumberLiteral _, Expr.StringLiteral _, Expr.VectorSelector _, Expr.MatrixSelector _ -> true;
            case Expr.Subquery subquery -> isFinite(subquery.inner());
            case Expr.Call call -> call.arguments().stream().allMatch(ExprJson::isFinite);
            case Expr.Aggregation aggregation -> isFinite(aggregation.inner());
            case Expr.Binary binary ->
                isFinite(binary.left()) && isFinite(binary.right()) && isFinite(binary.matching());
            case Expr.Unary unary -> isFinite(unary.inner());
            case Expr.Paren paren -> isFinite(paren.inner());
        };
    }

    private static boolean isFinite(@Nullable VectorMatching matching) {
        return matching == null
                || ((matching.fillLeft() == null || Double.isFinite(matching.fillLeft()))
                        && (matching.fillRight() == null || Double.isFinite(matching.fillRight())));
    }
}
