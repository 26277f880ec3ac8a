// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.syntax;

import dev.narthex.model.LabelMatcher;
import dev.narthex.model.Labels;
import dev.narthex.model.MatchOp;
import dev.narthex.promql.syntax.VectorMatching.Cardinality;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Random expressions of every kind of node, well typed, and of the form that a parser gives them: parentheses stand where
 * precedence asks for them, and now and then besides. All positions are the same.
 */
final class RandomExpr {
    private static final PositionRange NOWHERE = new PositionRange(0, 0);
    private static final List<String> METRICS =
            List.of("foo", "job:requests:rate5m", "up", "sum", "by", "offset", "start", "range", "Bool_1", "_x");
    private static final List<String> UTF8_METRICS = List.of("http.requests", "ärger", "a b", "quo\"te", "back\\slash");
    private static final List<String> LABELS =
            List.of("job", "instance", "le", "by", "sum", "a.b", "größe", "with space", "_", "inf");
    private static final List<String> VALUES =
            List.of("", "a", "a|b", ".*x.+", "new\nline", "tab\t", "\"quoted\"", "`raw`", "back\\\\slash", "日本");
    private static final List<String> FUNCTIONS = List.copyOf(new TreeSet<>(Functions.names()));

    private final Random random;
    private final RandomDuration durations;

    /** @param operandUnitMs what durations within arithmetic and as numbers are multiples of, in milliseconds */
    RandomExpr(long seed, int operandUnitMs) {
        random = new Random(seed);
        durations = new RandomDuration(random, operandUnitMs);
    }

    /** The next expression, of any type. */
    Expr next() {
        return of(pick(ValueType.values()), 1 + random.nextInt(5));
    }

    private Expr of(ValueType type, int depth) {
        if (depth > 0 && random.nextInt(12) == 0) {
            return new Expr.Paren(of(type, depth - 1), NOWHERE);
        }
        return switch (type) {
            case STRING -> new Expr.StringLiteral(pick(VALUES), NOWHERE);
            case SCALAR -> depth == 0 ? number() : scalar(depth);
            case INSTANT_VECTOR -> depth == 0 ? selector() : vector(depth);
            case RANGE_VECTOR -> depth == 0 || random.nextInt(3) > 0 ? matrix() : subquery(depth);
        };
    }

    private Expr scalar(int depth) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> number();
            case 2 -> unary(of(ValueType.SCALAR, depth - 1));
            case 3 -> call(ValueType.SCALAR, depth);
            default -> {
                BinaryOp op = pick(BinaryOp.values());
                yield op.isSet() || op.kind() == BinaryOp.Kind.HISTOGRAM
                        ? number()
                        : binary(
                                op,
                                of(ValueType.SCALAR, depth - 1),
                                of(ValueType.SCALAR, depth - 1),
                                op.isComparison(),
                                null);
            }
        };
    }

    private Expr vector(int depth) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> selector();
            case 2 -> unary(of(ValueType.INSTANT_VECTOR, depth - 1));
            case 3, 4 -> call(ValueType.INSTANT_VECTOR, depth);
            case 5 -> aggregation(depth);
            default -> vectorBinary(depth);
        };
    }

    private Expr.NumberLiteral number() {
        return switch (random.nextInt(8)) {
            case 0 -> new Expr.NumberLiteral(durations.literal().seconds(), true, NOWHERE);
            case 1 -> new Expr.NumberLiteral(-durations.literal().seconds(), true, NOWHERE);
            case 2 -> new Expr.NumberLiteral(special(), false, NOWHERE);
            case 3 -> new Expr.NumberLiteral(random.nextGaussian() * 1e9, false, NOWHERE);
            default -> new Expr.NumberLiteral(random.nextInt(1000) / 8.0, false, NOWHERE);
        };
    }

    private double special() {
        return switch (random.nextInt(6)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            case 3 -> 1e300;
            case 4 -> -Double.MIN_VALUE;
            default -> 0;
        };
    }

    private Expr unary(Expr inner) {
        boolean takesSign = switch (inner) {
            case Expr.NumberLiteral _ -> false; // The sign would become its own.
            case Expr.Binary binary -> binary.op() == BinaryOp.POWER;
            default -> true;
        };
        return new Expr.Unary(random.nextInt(4) > 0, takesSign ? inner : new Expr.Paren(inner, NOWHERE), NOWHERE);
    }

    private Expr binary(BinaryOp op, Expr left, Expr right, boolean bool, @Nullable VectorMatching matching) {
        return new Expr.Binary(
                op, enclosed(left, op, true), enclosed(right, op, false), bool, matching, NOWHERE, NOWHERE);
    }

    private static Expr enclosed(Expr inner, BinaryOp op, boolean left) {
        boolean fits = switch (inner) {
            case Expr.Binary binary ->
                binary.op().precedence() > op.precedence()
                        || (binary.op().precedence() == op.precedence() && op.isRightAssociative() != left);
            // A sign binds less tightly than a power, also that of a number.
            case Expr.Unary _ -> !left || op != BinaryOp.POWER;
            case Expr.NumberLiteral _ ->
                !left
                        || op != BinaryOp.POWER
                        || Character.isDigit(PromqlPrinter.print(inner).charAt(0));
            default -> true;
        };
        boolean arithmetic = op.kind() == BinaryOp.Kind.ARITHMETIC && op != BinaryOp.ATAN2;
        return fits && !(left && arithmetic && endsWithOpenOffset(inner)) ? inner : new Expr.Paren(inner, NOWHERE);
    }

    /** Whether the text ends with an offset that would go on with arithmetic behind it. */
    private static boolean endsWithOpenOffset(Expr expr) {
        return switch (expr) {
            case Expr.VectorSelector selector -> RandomDuration.takesArithmetic(selector.offset());
            case Expr.MatrixSelector matrix ->
                RandomDuration.takesArithmetic(matrix.selector().offset());
            case Expr.Subquery subquery -> RandomDuration.takesArithmetic(subquery.offset());
            case Expr.Binary binary -> endsWithOpenOffset(binary.right());
            case Expr.Unary unary -> endsWithOpenOffset(unary.inner());
            default -> false;
        };
    }

    private Expr vectorBinary(int depth) {
        BinaryOp op = pick(BinaryOp.values());
        boolean bool = op.isComparison() && random.nextBoolean();
        boolean withScalar = !op.isSet() && random.nextInt(3) == 0;
        Expr vector = of(ValueType.INSTANT_VECTOR, depth - 1);
        if (!withScalar) {
            return binary(op, vector, of(ValueType.INSTANT_VECTOR, depth - 1), bool, matching(op));
        }
        Expr scalar = of(ValueType.SCALAR, depth - 1);
        return random.nextBoolean() ? binary(op, vector, scalar, bool, null) : binary(op, scalar, vector, bool, null);
    }

    private VectorMatching matching(BinaryOp op) {
        boolean on = random.nextInt(3) == 0;
        List<String> labels = random.nextInt(3) == 0 ? labels() : List.of();
        if (op.isSet()) {
            return new VectorMatching(Cardinality.MANY_TO_MANY, on, labels, List.of(), null, null);
        }
        Cardinality cardinality = Cardinality.ONE_TO_ONE;
        List<String> include = List.of();
        if (random.nextInt(3) == 0) {
            cardinality = random.nextBoolean() ? Cardinality.MANY_TO_ONE : Cardinality.ONE_TO_MANY;
            List<String> wanted = labels();
            include = on
                    ? wanted.stream().filter(label -> !labels.contains(label)).toList()
                    : wanted;
        }
        Double left = random.nextInt(5) == 0 ? (Double) (random.nextInt(100) / 4.0 - 10) : null;
        Double right = random.nextInt(5) == 0 ? (Double) (random.nextInt(100) * 1e9) : null;
        return new VectorMatching(
                cardinality, on, labels, include, left, left != null && random.nextBoolean() ? left : right);
    }

    private Expr call(ValueType type, int depth) {
        Function function = Functions.find(pick(FUNCTIONS));
        while (function == null || function.returnType() != type) {
            function = Functions.find(pick(FUNCTIONS));
        }
        int most = Math.min(function.maxArguments(), function.minArguments() + 3);
        int count = function.minArguments() + random.nextInt(most - function.minArguments() + 1);
        List<Expr> arguments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean conditions = i == 1 && function.name().equals("info");
            arguments.add(conditions ? selector("", matchers(1)) : of(function.argumentType(i), depth - 1));
        }
        return new Expr.Call(function, arguments, NOWHERE);
    }

    private Expr aggregation(int depth) {
        AggregateOp op = pick(AggregateOp.values());
        ValueType parameter = op.parameterType();
        boolean without = random.nextInt(3) == 0;
        return new Expr.Aggregation(
                op,
                of(ValueType.INSTANT_VECTOR, depth - 1),
                parameter == null ? null : of(parameter, depth - 1),
                random.nextInt(3) == 0 ? List.of() : labels(),
                without,
                NOWHERE);
    }

    private Expr.VectorSelector selector() {
        String name = random.nextInt(4) == 0 ? "" : pick(METRICS);
        List<LabelMatcher> matchers = matchers(name.isEmpty() ? 1 : 0);
        if (name.isEmpty()) {
            if (random.nextBoolean()) {
                matchers.addFirst(LabelMatcher.equal(Labels.METRIC_NAME, pick(UTF8_METRICS)));
            }
            matchers.addFirst(LabelMatcher.equal("job", "not empty"));
        } else {
            matchers.add(LabelMatcher.equal(Labels.METRIC_NAME, name));
        }
        return selector(name, matchers);
    }

    private Expr.VectorSelector selector(String name, List<LabelMatcher> matchers) {
        return new Expr.VectorSelector(name, matchers, offset(), at(), pick(RangeModifier.values()), NOWHERE);
    }

    private List<LabelMatcher> matchers(int least) {
        List<LabelMatcher> matchers = new ArrayList<>();
        for (int i = least == 0 ? random.nextInt(4) : 1 + random.nextInt(3); i > 0; i--) {
            MatchOp op = pick(MatchOp.values());
            String value = pick(VALUES);
            matchers.add(LabelMatcher.of(op, pick(LABELS), op.isRegex() ? value.replace("\\", "\\\\") : value));
        }
        return matchers;
    }

    private @Nullable DurationExpr offset() {
        return random.nextInt(4) == 0 ? durations.offset() : null;
    }

    private @Nullable AtModifier at() {
        return switch (random.nextInt(12)) {
            case 0 -> new AtModifier.Start();
            case 1 -> new AtModifier.End();
            case 2 -> new AtModifier.Timestamp(random.nextInt() * 1009L);
            default -> null;
        };
    }

    private Expr matrix() {
        return new Expr.MatrixSelector(selector(), durations.range(), NOWHERE);
    }

    private Expr subquery(int depth) {
        Expr inner = of(ValueType.INSTANT_VECTOR, depth - 1);
        boolean signed = inner instanceof Expr.Binary || inner instanceof Expr.Unary;
        return new Expr.Subquery(
                signed ? new Expr.Paren(inner, NOWHERE) : inner,
                durations.rangeOfSubquery(),
                random.nextBoolean() ? durations.range() : null,
                offset(),
                at(),
                NOWHERE);
    }

    private List<String> labels() {
        Set<String> labels = new LinkedHashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            labels.add(pick(LABELS));
        }
        return List.copyOf(labels);
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private <T> T pick(T[] all) {
        return all[random.nextInt(all.length)];
    }
}
